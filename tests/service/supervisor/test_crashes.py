"""What the supervisor does when a part is killed: it is back, with its data, while the others go on."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import asyncpg
import pytest
import redis.asyncio

from service.embedded import EmbeddedPostgres, EmbeddedRedis
from tests.processes import eventually, is_alive
from tests.service.conftest import StartService
from tests.service.supervisor.running import Running, new_data_folder, started


@pytest.fixture(scope="module")
async def running(server_folder: Path) -> AsyncIterator[Running]:
    with new_data_folder(server_folder) as data:
        async with started(data, "--no-seed", "--workers", "2") as running:
            yield running
            assert await running.end() == 0


async def is_ready(running: Running) -> bool:
    try:
        async with aiohttp.ClientSession() as client, client.get(f"{running.address}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def until_ready(running: Running) -> None:
    async with asyncio.timeout(15):
        while not await is_ready(running):  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.05)


async def test_a_killed_postgres_is_back_with_its_data(running: Running) -> None:
    url = EmbeddedPostgres(running.data / "postgres").url
    connection = await asyncpg.connect(url)
    await connection.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 7 AS number")
    killed = running.postgres()
    os.kill(killed, signal.SIGKILL)
    await running.read_until("is back")
    await until_ready(running)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT number FROM kept") == 7
    await connection.close()
    assert running.postgres() != killed


async def test_a_killed_redis_is_back_with_its_data(running: Running) -> None:
    async with redis.asyncio.Redis.from_url(EmbeddedRedis(running.data / "redis").url) as client:
        await client.set("kept", "7")
        await client.waitaof(1, 0, 1_000)  # it is on disk
        os.kill(running.redis(), signal.SIGKILL)
        await running.read_until("is back")
        assert await client.get("kept") == b"7"
        await client.delete("kept")
    await until_ready(running)


async def test_a_killed_worker_is_replaced(running: Running) -> None:
    killed, other = running.workers()
    os.kill(killed, signal.SIGKILL)
    await running.read_until("is back")
    assert len(running.workers()) == 2
    assert is_alive(other)
    await until_ready(running)


async def test_all_end_with_a_killed_supervisor(start_service: StartService) -> None:
    running = await start_service("--no-seed")
    parts = [running.postgres(), running.redis(), *running.workers()]
    assert await running.end(signal.SIGKILL) == -signal.SIGKILL
    await eventually(lambda: not any(map(is_alive, parts)))
