"""Connections that fail in every way: what was asked fails in time, and nobody ever gets another one's reply."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from holds.errors import StoreUnavailable
from holds.runner import ScriptRunner
from service.embedded import EmbeddedRedis
from tests.holds.conftest import Raw

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served_by(serve: Serve, socket: Path) -> AsyncIterator[ScriptRunner]:
    """A runner on a server that greets as Redis does, and then does as it likes."""

    async def greet_and_serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):  # redis-py greets twice on Unix sockets
            for _ in range(2):
                await read_command(reader)
                writer.write(b"+OK\r\n")
        await serve(reader, writer)
        writer.close()

    server = await asyncio.start_unix_server(greet_and_serve, socket)
    async with ScriptRunner.open(f"unix://{socket}") as runner:
        yield runner
    server.close()


async def read_command(reader: asyncio.StreamReader) -> list[bytes]:
    words = int((await reader.readline())[1:])
    return [(await reader.readexactly(int((await reader.readline())[1:]) + 2))[:-2] for _ in range(words)]


async def test_replies_in_pieces(tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_command(reader)
        await read_command(reader)
        for byte in b"*2\r\n:1\r\n$3\r\nabc\r\n+OK\r\n":
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)

    async with served_by(serve, tmp_path / "s") as runner:
        asked = [runner.command(word) for word in "AB"]
        assert await asyncio.gather(*asked) == [[1, b"abc"], b"OK"]


@pytest.mark.parametrize("rest", [b"", b"*2\r\n:1\r\n", b"rubbish\r\n"])
async def test_a_connection_that_breaks_off(rest: bytes, tmp_path: Path) -> None:
    """What was answered was answered, the rest is unavailable, and the next request has a new connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(3):
            await read_command(reader)
        writer.write(b":1\r\n" + rest)

    async with served_by(serve, tmp_path / "s") as runner:
        for _ in range(2):
            asked = [runner.command(word) for word in "ABC"]
            first, *others = await asyncio.gather(*asked, return_exceptions=True)
            assert first == 1
            assert {type(other) for other in others} == {StoreUnavailable}


async def test_a_reply_too_many_ends_the_connection(tmp_path: Path) -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await read_command(reader)
        writer.write(b":1\r\n:2\r\n")
        await reader.read()

    async with served_by(serve, tmp_path / "s") as runner:
        assert [await runner.command("A"), await runner.command("A")] == [1, 1]
    assert connections == 2


async def test_a_late_reply_is_nobodys(own_server: EmbeddedRedis) -> None:
    """A server that answers after the time limit must not answer the next question with it."""
    async with ScriptRunner.open(own_server.url) as runner, Raw.from_url(own_server.url) as operator:
        await runner.command("SET", "n", 1)
        await operator.client_pause(1_200, all=True)
        loop = asyncio.get_running_loop()
        started_at = loop.time()
        with pytest.raises(StoreUnavailable, match="no answer"):
            await runner.command("INCR", "n")
        assert loop.time() - started_at < 1.5
        await asyncio.sleep(0.5)
        assert await runner.command("GET", "n") in {b"1", b"2"}


async def test_cancelled_callers_leave_their_replies_behind(shared_server: EmbeddedRedis, raw: Raw) -> None:
    """Made to fail by not taking the request of a cancelled caller off the queue."""
    async with ScriptRunner.open(shared_server.url) as runner:
        await runner.command("PING")
        for round_ in range(50):
            asked = [asyncio.ensure_future(runner.command("ECHO", f"{round_}.{i}")) for i in range(20)]
            for _ in range(round_ % 4):
                await asyncio.sleep(0)
            for task in asked[::3]:
                task.cancel()
            replies = await asyncio.gather(*asked, return_exceptions=True)
            for i, reply in enumerate(replies):
                assert reply == f"{round_}.{i}".encode() or isinstance(reply, asyncio.CancelledError)


async def test_what_cannot_be_sent_is_its_callers_fault_alone(shared_server: EmbeddedRedis, raw: Raw) -> None:
    async with ScriptRunner.open(shared_server.url) as runner:
        first = runner.command("ECHO", "1")
        with pytest.raises(TypeError):
            await runner.command("ECHO", None)  # type: ignore[arg-type]
        assert (await first, await runner.command("ECHO", "2")) == (b"1", b"2")


async def test_a_wrong_password_or_none(own_server: EmbeddedRedis) -> None:
    async with Raw.from_url(own_server.url) as operator:
        await operator.config_set("requirepass", "right")
    for password in ("wrong", ""):
        async with ScriptRunner.open(f"{own_server.url}?password={password}") as runner:
            with pytest.raises(StoreUnavailable, match=r"WRONGPASS|invalid|NOAUTH|[Aa]uthentication"):
                await runner.command("PING")
    async with ScriptRunner.open(f"{own_server.url}?password=right&db=2") as runner:
        assert await runner.command("PING") == b"PONG"
        assert b"db=2" in await runner.command("CLIENT", "INFO")


@pytest.mark.parametrize(
    ("setting", "undo"),
    [
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
        (("CONFIG", "SET", "min-replicas-to-write", "1"), ("CONFIG", "SET", "min-replicas-to-write", "0")),
    ],
    ids=["replica", "too few replicas"],
)
async def test_a_server_that_must_not_be_written_to(
    setting: tuple[str, ...], undo: tuple[str, ...], own_server: EmbeddedRedis
) -> None:
    """Unavailable, until it takes writes again."""
    async with ScriptRunner.open(own_server.url) as runner:
        await runner.command(*setting)
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match=r"READONLY|NOREPLICAS"):
                await runner.command("SET", "n", 1)
        await runner.command(*undo)
        assert await runner.command("SET", "n", 1) == b"OK"
