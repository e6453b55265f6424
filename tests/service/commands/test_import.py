"""`python -m service import` beside a running service."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from service.postgres import Postgres
from service.settings import Settings
from tests.service.backoffice.importing.files import CATALOGUE, SESSION, counts, csv_file, json_lines
from tests.service.commands.running import run, start

MILLION = 1_000_000
MOVIES, PLACES, A_DAY = 20_000, 2_000, 4
MOST_KIB = 200 * 1024
BAD_LINE = MILLION // 2
HEADER = "type,title,year,duration,name,address,capacity,movie,place,starts_at,price"


async def test_a_file_is_imported_once(settings: Settings, postgres: Postgres, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.csv"
    file.write_bytes(csv_file(CATALOGUE))
    status, output = await run(settings, "import", str(file))
    assert status == 0, output
    assert "Imported 1 movies, 1 places and 1 sessions." in output
    assert "3 rows" in output
    status, output = await run(settings, "import", str(file))
    assert status == 1
    assert "line 2, starts_at: session_exists: This session is scheduled already." in output
    assert "3 faulty rows; nothing was imported." in output
    assert await counts(postgres) == (1, 1, 1)


async def test_standard_input_needs_a_format(settings: Settings, postgres: Postgres) -> None:
    status, output = await run(settings, "import", "-")
    assert (status, output) == (1, "holdfast: Say with --format whether the file is csv or jsonl.\n")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service", "import", "-", "--format", "jsonl"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        env={**os.environ, "DATABASE_URL": settings.database_url},
    )
    printed, _ = await process.communicate(json_lines([*CATALOGUE, SESSION | {"movie": "Alien"}]))
    assert process.returncode == 1
    assert "line 4, movie: invalid_movie" in printed.decode()
    assert await counts(postgres) == (0, 0, 0)


@pytest.mark.skipif("IMPORT_A_MILLION" not in os.environ, reason="takes some minutes: set IMPORT_A_MILLION")
@pytest.mark.timeout(1_800)
async def test_a_million_rows_in_flat_memory(settings: Settings, postgres: Postgres, tmp_path: Path) -> None:
    """One bad row in the middle, then all of them, then all of them again."""
    file, bad = tmp_path / "catalogue.csv", tmp_path / "bad.csv"
    with file.open("w") as good, bad.open("w") as other:
        for line, row in enumerate(million(), 1):
            good.write(f"{row}\n")
            other.write(f"{row}.50\n" if line == BAD_LINE else f"{row}\n")
    imported = (MOVIES, PLACES, MILLION - MOVIES - PLACES)
    refused = await watched(settings, bad)
    assert refused.status == 1
    assert f"line {BAD_LINE}, price: invalid_price: " in refused.output
    assert "1 faulty rows; nothing was imported." in refused.output
    assert await counts(postgres) == (0, 0, 0)
    first = await watched(settings, file)
    assert first.status == 0, first.output
    assert "Imported {} movies, {} places and {} sessions.".format(*imported) in first.output
    assert await counts(postgres) == imported
    again = await watched(settings, file)
    assert again.status == 1
    assert "line 2, title: movie_exists: " in again.output
    assert "1000000 faulty rows, 100 faults shown; nothing was imported." in again.output
    assert await counts(postgres) == imported
    for run_ in (refused, first, again):
        assert "1,000,000 rows" in run_.output
        assert 0 < run_.peak_kib < MOST_KIB
        print(f"{run_.peak_kib / 1024:.0f} MiB, {run_.seconds:.0f} s")  # for who wants the figures


def million() -> Iterator[str]:
    """The lines of a catalogue: each place shows four movies a day."""
    yield HEADER
    for number in range(MOVIES):
        yield f"movie,Movie {number},{1950 + number % 70},{90 + number % 60},,,,,,,"
    for number in range(PLACES):
        yield f'place,,,,Cinema {number},"{number} rue Première, 69001 Lyon",{100 + number % 400},,,,'
    opening = datetime(2031, 1, 1, 8, tzinfo=UTC)
    for number in range(MILLION - MOVIES - PLACES):
        day, show = divmod(number // PLACES, A_DAY)
        starts_at = opening + timedelta(days=day, hours=3 * show)
        names = f"Movie {number * 7 % MOVIES},Cinema {number % PLACES}"
        yield f"session,,,,,,,{names},{starts_at.isoformat()},1250"


@dataclass(frozen=True, slots=True)
class Run:
    """What came of an import, and how much memory it had in use at most."""

    status: int | None
    output: str
    peak_kib: int
    seconds: float


def peak_of(process_id: int) -> int:
    """The most memory that a process has used, in KiB; 0 when it has ended.

    What the kernel tells of an ended child includes the memory of the process that started it.
    """
    with suppress(FileNotFoundError, StopIteration):
        status = Path(f"/proc/{process_id}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return 0


async def watched(settings: Settings, file: Path) -> Run:
    """Import the file, and look at the memory of the process meanwhile."""
    started, peak = monotonic(), 0
    process = await start(settings, "import", str(file))
    reading = asyncio.create_task(process.communicate())
    while not reading.done():
        peak = max(peak, peak_of(process.pid))
        await asyncio.wait([reading], timeout=0.05)
    output, _ = await reading
    return Run(process.returncode, output.decode(), peak, monotonic() - started)
