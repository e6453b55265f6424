"""The command line as a person uses it, in processes of its own."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import asyncpg
import redis.asyncio

from tests.files import ROOT
from tests.service.conftest import StartService
from tests.service.supervisor.running import CHEAP_PASSWORDS

PASSWORD = b"correct horse battery staple\n"


async def run(*arguments: str, given: bytes = b"", **environment: str) -> tuple[int | None, str]:
    """The exit status and everything that the command printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service", *arguments),
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **CHEAP_PASSWORDS, **environment},
    )
    output, _ = await process.communicate(given)
    return process.returncode, output.decode().strip()


async def test_migrate_and_seed(empty_database_url: str) -> None:
    status, output = await run("migrate", DATABASE_URL=empty_database_url)
    assert (status, output.split()[0]) == (0, "Applied")
    assert await run("migrate", DATABASE_URL=empty_database_url) == (0, "Applied 0 migrations.")
    assert await run("seed", DATABASE_URL=empty_database_url) == (0, "Loaded the sample data.")
    again = await run("seed", DATABASE_URL=empty_database_url)
    assert again == (0, "The database is not empty: nothing was loaded.")


async def test_create_admin(postgres_url: str) -> None:
    command = ("create-admin", "boss@example.com", "--password-stdin")
    status, output = await run(*command, given=b"short\n", DATABASE_URL=postgres_url)
    assert status == 1
    assert output.startswith("holdfast: The administrator cannot be created: password")
    created = await run(*command, given=PASSWORD, DATABASE_URL=postgres_url)
    assert created == (0, "boss@example.com is an administrator.")
    connection = await asyncpg.connect(postgres_url)
    assert await connection.fetchval("SELECT role FROM users WHERE email = 'boss@example.com'") == "admin"
    await connection.close()


async def test_an_unreachable_database_is_told_in_a_line() -> None:
    status, output = await run("migrate", DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert status == 1
    assert output.startswith("holdfast: Postgres cannot be reached at DATABASE_URL")
    assert "\n" not in output


async def test_the_data_folders_database_is_used_whether_or_not_it_serves(
    start_service: StartService, data_folder: Path
) -> None:
    status, output = await run("create-admin", "boss@example.com", "--data", str(data_folder), given=PASSWORD)
    assert (status, output) == (0, "boss@example.com is an administrator.")
    running = await start_service("--no-seed")
    assert await run("migrate", "--data", str(data_folder)) == (0, "Applied 0 migrations.")
    assert await run("redis-cli", "--data", str(data_folder), "PING") == (0, "PONG")
    assert await running.end() == 0


async def test_redis_cli_reads_in_words(redis_url: str) -> None:
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        await client.hset("hold:{ses_1}:bkg_2", mapping={"owner": "usr_3"})
        await client.set("other", "1")
    assert await run("redis-cli", "--scan", "--pattern", "hold:*", REDIS_URL=redis_url) == (0, "hold:{ses_1}:bkg_2")
    hold = await run("redis-cli", "-s", redis_url.removeprefix("unix://"), "HGETALL", "hold:{ses_1}:bkg_2")
    assert hold == (0, "1) owner\n2) usr_3")
    assert await run("redis-cli", "TTL", "other", REDIS_URL=redis_url) == (0, "(integer) -1")
    assert await run("redis-cli", "GET", "nothing", REDIS_URL=redis_url) == (0, "(nil)")


async def test_a_wrong_command_is_told(redis_url: str) -> None:
    status, output = await run("redis-cli", "NONSENSE", REDIS_URL=redis_url)
    assert status == 1
    assert output.startswith("holdfast: Redis: unknown command")
