"""The database that a command works on."""

import argparse
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from service.supervisor import DataFolder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("data"),
        help="the data folder, when DATABASE_URL is not set (./data)",
    )


@asynccontextmanager
async def opened_database(folder: Path) -> AsyncIterator[str]:
    """The URL of the environment's database, or of the embedded one, started if nobody serves from it.

    Raises `StartError`, `EmbeddedServerError`.
    """
    if named := os.environ.get("DATABASE_URL"):
        yield named
        return
    data = DataFolder(folder)
    postgres = data.postgres()
    with data.claim() as idle:
        if not idle:
            yield postgres.url
            return
        try:
            await postgres.start()
            yield postgres.url
        finally:
            await postgres.stop()
