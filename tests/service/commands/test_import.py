"""`python -m service import` beside a running service."""

import asyncio
import os
import resource
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.postgres import Postgres
from service.settings import Settings
from tests.service.backoffice.importing.files import CATALOGUE, SESSION, counts, csv_file, json_lines
from tests.service.commands.running import run

MILLION = 1_000_000
MOVIES, PLACES, A_DAY = 20_000, 2_000, 4
MOST_KIB = 200 * 1024
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
    file, bad = tmp_path / "catalogue.csv", tmp_path / "bad.csv"
    rows = list(million())
    file.write_text("\n".join([HEADER, *rows, ""]))
    rows[MILLION // 2] = rows[MILLION // 2].removesuffix("1250") + "1250.50"
    bad.write_text("\n".join([HEADER, *rows, ""]))
    del rows
    assert await imported(settings, bad) == 1
    assert await counts(postgres) == (0, 0, 0)
    assert await imported(settings, file) == 0
    assert await counts(postgres) == (MOVIES, PLACES, MILLION - MOVIES - PLACES)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MOST_KIB


def million() -> Iterator[str]:
    """The rows of a catalogue: each place shows four movies a day."""
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


async def imported(settings: Settings, file: Path) -> int | None:
    """The exit status of importing the file."""
    environment = {**os.environ, "DATABASE_URL": settings.database_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "service", "import", str(file), env=environment
    )
    return await process.wait()
