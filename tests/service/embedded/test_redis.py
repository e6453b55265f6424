import os
import signal
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis.asyncio

from service.embedded import EmbeddedRedis, EmbeddedServerError, binaries


@pytest.fixture(params=["valkey", "redis"])
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[EmbeddedRedis]:
    """A server of the test's own, of either make, to be killed."""
    binary = binaries.valkey_server() if request.param == "valkey" else binaries.redis_server()
    server = EmbeddedRedis(tmp_path / "its own", binary=binary)
    await server.start()
    yield server
    await server.stop()


async def command(server: EmbeddedRedis, *words: str) -> object:
    async with redis.asyncio.Redis.from_url(server.url, decode_responses=True) as client:
        return await client.execute_command(*words)  # type: ignore[no-untyped-call]


async def test_a_crash_keeps_the_address_and_the_data(server: EmbeddedRedis) -> None:
    await command(server, "SET", "kept", "7")
    before = server.url
    assert server.process_id
    os.kill(server.process_id, signal.SIGKILL)
    await server.wait()
    await server.start()
    assert server.url == before
    assert await command(server, "GET", "kept") == "7"


async def test_a_clean_stop_keeps_the_data(server: EmbeddedRedis) -> None:
    await command(server, "SET", "kept", "7")
    await server.stop()
    await server.start()
    assert await command(server, "GET", "kept") == "7"


async def test_only_this_user_reaches_it(server: EmbeddedRedis) -> None:
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert await command(server, "CONFIG", "GET", "port") == {"port": "0"}


async def test_it_never_evicts_a_hold(server: EmbeddedRedis) -> None:
    assert await command(server, "CONFIG", "GET", "maxmemory-policy") == {"maxmemory-policy": "noeviction"}


async def test_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / ("long" * 30), durable=False)
    await server.start()
    try:
        assert await command(server, "PING") is True
    finally:
        await server.stop()
    assert not server.socket.parent.exists()


async def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path, options={"maxmemory-policy": "nonsense"})
    with pytest.raises(EmbeddedServerError, match="nonsense"):
        await server.start()
