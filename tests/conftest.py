"""Real servers for the tests: started once, without durability, in a folder that is removed at the end."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import redis.asyncio

from service import migrations
from service.embedded import EmbeddedPostgres, EmbeddedRedis
from tests.stalls import Heart

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job ignores Ctrl-C, and so would every process that a test starts and interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

heart = Heart()
heart.start()


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors, since many tests wait; each has servers of its own."""
    return min(os.cpu_count() or 1, 7) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    with heart.watching():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    with heart.watching():
        yield


MEMORY = Path("/dev/shm")  # noqa: S108  # a folder in it is made for us alone
ROOM = 2**32
"""Bytes that the servers of several processes never fill."""


def has_room(folder: Path) -> bool:
    """Whether the tests may keep their servers there. On disk, most of their time goes to making and removing files."""
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that the user of Postgres can enter even when the tests run as root, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="holdfast-test-", dir=MEMORY if has_room(MEMORY) else None))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def postgres_server(server_folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(server_folder / "postgres", durable=False)
    await server.start()
    yield server
    await server.stop()
    server.remove()


@pytest.fixture(scope="session")
async def redis_server(server_folder: Path) -> AsyncIterator[EmbeddedRedis]:
    server = EmbeddedRedis(server_folder / "redis", durable=False)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def redis_url(redis_server: EmbeddedRedis) -> str:
    """An empty Redis."""
    async with redis.asyncio.Redis.from_url(redis_server.url) as client:
        await client.flushall()
    return redis_server.url


@pytest.fixture
async def empty_database_url(postgres_server: EmbeddedPostgres) -> AsyncIterator[str]:
    """A new database without tables, gone after the test."""
    name = await create_database(postgres_server.url)
    yield database_url(postgres_server.url, name)
    await drop_database(postgres_server.url, name)


@pytest.fixture(scope="session")
async def migrated_template(postgres_server: EmbeddedPostgres) -> str:
    """The name of a database at the newest migration, from which the tests' databases are copied."""
    name = await create_database(postgres_server.url)
    await asyncio.to_thread(migrations.apply, database_url(postgres_server.url, name))
    return name


@pytest.fixture
async def postgres_url(postgres_server: EmbeddedPostgres, migrated_template: str) -> AsyncIterator[str]:
    """A new migrated database without rows, gone after the test."""
    name = await create_database(postgres_server.url, template=migrated_template)
    yield database_url(postgres_server.url, name)
    await drop_database(postgres_server.url, name)


def database_url(server_url: str, name: str) -> str:
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


async def create_database(server_url: str, template: str = "template0") -> str:
    name = f"test_{token_hex(6)}"
    # Copying the template's files takes less than half as long as writing its pages to the log, which is the default.
    await execute(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return name


async def drop_database(server_url: str, name: str) -> None:
    await execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")


async def execute(server_url: str, statement: str) -> None:
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
