"""`import`: a catalogue from a file."""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import BinaryIO

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from service import migrations
from service.backoffice.importing.faults import Faults, ImportRefused
from service.backoffice.importing.importer import READERS, Format, Import, Imported
from service.errors import ApiError
from service.ids import NoNode, SnowflakeGenerator
from service.node_lease import leased
from service.postgres import UNREACHABLE, Postgres
from service.supervisor import StartError, connected

from . import database

HELP = "Import movies, places and sessions from CSV or JSON Lines, all of the file or nothing."
PIECE_BYTES = 256 * 1024
SUFFIXES: dict[str, Format] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file; - is standard input")
    parser.add_argument("--format", choices=READERS, help="unless the file's name ends in .csv, .jsonl or .ndjson")
    database.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    format_ = arguments.format or SUFFIXES.get(arguments.file.suffix.lower())
    if format_ is None:
        raise StartError("Say with --format whether the file is csv or jsonl.")
    try:
        with _opened(arguments.file) as file:
            imported = asyncio.run(_import(arguments.data, file, format_))
    except ImportRefused as refused:
        _report(refused.faults)
        return 1
    except ApiError as refusal:
        raise StartError(refusal.kind.message) from None
    except (NoNode, *UNREACHABLE, asyncpg.PostgresError) as failure:
        raise StartError(f"{str(failure) or type(failure).__name__}: nothing was imported") from None
    print(f"Imported {imported.movies} movies, {imported.places} places and {imported.sessions} sessions.")
    return 0


def _opened(path: Path) -> BinaryIO:
    if path == Path("-"):
        return sys.stdin.buffer
    try:
        return path.open("rb")
    except OSError as failure:
        raise StartError(f"{path}: {failure.strerror}") from None


async def _import(folder: Path, file: BinaryIO, format_: Format) -> Imported:
    ids = SnowflakeGenerator()
    async with database.opened_database(folder) as url, connected(url):
        await asyncio.to_thread(migrations.apply, url)
        async with Postgres.open(url) as postgres, leased(postgres, ids), Import.opened(url, ids, format_) as importing:
            with _progress() as progress:
                task = progress.add_task("Reading", total=_size(file), rows=0)
                while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                    await importing.feed(piece)
                    progress.update(task, advance=len(piece), rows=importing.rows)
                progress.update(task, description="Checking and writing", rows=importing.rows)
                return await importing.finish()


def _progress() -> Progress:
    rows = TextColumn("{task.fields[rows]:,} rows")
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), rows, TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def _size(file: BinaryIO) -> int | None:
    """How many bytes there are, where that is known."""
    return os.fstat(file.fileno()).st_size or None


def _report(faults: Faults) -> None:
    for fault in faults.first:
        place = f"line {fault.line}, {fault.field}" if fault.field else f"line {fault.line}"
        print(f"{place}: {fault.code}: {fault.message}", file=sys.stderr)
    more = f", {len(faults.first)} faults shown" if faults.rows > len(faults.first) else ""
    print(f"{faults.rows} faulty rows{more}; nothing was imported.", file=sys.stderr)
