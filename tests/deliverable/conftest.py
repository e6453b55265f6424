"""A database made of the two files, as the README says: by psql."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from service.embedded import EmbeddedPostgres
from service.postgres import Connection

FOLDER = Path(__file__).parents[2] / "deliverable"


def load(server: EmbeddedPostgres, database_url: str, *files: str) -> None:
    command = [str(server.programs / "psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
    command += [f"--file={FOLDER / file}" for file in files]
    subprocess.run([*command, database_url], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


@pytest.fixture
async def loaded(postgres_server: EmbeddedPostgres, empty_database_url: str) -> AsyncIterator[Connection]:
    """Both files loaded in one session, so that the seeds run with the empty search path that the dump sets."""
    load(postgres_server, empty_database_url, "dump.sql", "seeds.sql")
    connection = await asyncpg.connect(empty_database_url)
    yield connection
    await connection.close()
