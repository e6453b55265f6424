"""The runner on a set that sentinels watch, whose master dies, freezes or steps down."""

import asyncio
import signal

import pytest

from holds.errors import StoreUnavailable
from holds.runner import ScriptRunner
from service.embedded.following import asked
from service.embedded.redis_sentinels import NAME, EmbeddedSentinelSet
from tests.distributed.writer import writing

pytestmark = pytest.mark.cluster

KEYS = ["a", "b", "c"]


async def test_the_master_is_killed(sentinels: EmbeddedSentinelSet, on_sentinels: ScriptRunner) -> None:
    async with writing(on_sentinels, KEYS) as writer:
        sentinels.servers[0].signal(signal.SIGKILL)
        await asyncio.sleep(0.5)
        await writer.settled()
        assert all(writer.failed.values())


async def test_the_master_freezes(sentinels: EmbeddedSentinelSet, on_sentinels: ScriptRunner) -> None:
    """Where it goes on after a replica took over, it is not written to any more."""
    frozen = sentinels.servers[0]
    async with writing(on_sentinels, KEYS) as writer:
        frozen.signal(signal.SIGSTOP)
        await asyncio.sleep(0.5)
        await writer.settled()
        failed = sum(writer.failed.values())
        frozen.signal(signal.SIGCONT)
        await asyncio.sleep(2)
        await writer.settled()
        assert sum(writer.failed.values()) == failed
    for key in KEYS:
        assert writer.done[key] <= int(await on_sentinels.command("GET", key)) <= writer.done[key] + writer.failed[key]


async def test_another_becomes_master_while_the_old_one_lives(
    sentinels: EmbeddedSentinelSet, on_sentinels: ScriptRunner
) -> None:
    """The old one takes writes for some ten seconds more, and loses them. Made to fail by not watching."""
    async with writing(on_sentinels, KEYS):
        await asked(sentinels.sentinels[0], "SENTINEL", "FAILOVER", NAME)
        async with asyncio.timeout(20):
            while not await new_master(sentinels):  # noqa: ASYNC110  # another process
                await asyncio.sleep(0.05)
        await asyncio.sleep(1.5)
    assert (await asked(sentinels.servers[0], "ROLE"))[0] == "master"
    assert f"tcp_port:{await new_master(sentinels)}\r".encode() in await on_sentinels.command("INFO", "server")


async def new_master(sentinels: EmbeddedSentinelSet) -> int | None:
    """The port of a replica that has become master, as the sentinels know."""
    words = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
    ports = {int((await asked(sentinel, *words))[1]) for sentinel in sentinels.sentinels}
    return None if sentinels.ports[0] in ports else ports.pop()


async def test_a_sentinel_that_is_wrong_is_not_believed(
    sentinels: EmbeddedSentinelSet, on_sentinels: ScriptRunner
) -> None:
    """It takes a replica for the master; the two others know better. Made to fail by believing any of them."""
    wrong = sentinels.sentinels[0]
    await asked(wrong, "SENTINEL", "REMOVE", NAME)
    await asked(wrong, "SENTINEL", "MONITOR", NAME, "127.0.0.1", sentinels.ports[1], 2)
    for _ in range(5):
        async with ScriptRunner.open(sentinels.url) as runner:
            assert (await runner.command("ROLE"))[0] == b"master"


async def test_a_server_that_is_no_master_is_refused(sentinels: EmbeddedSentinelSet) -> None:
    """All sentinels take a replica for the master: it is not even read from."""
    for sentinel in sentinels.sentinels:
        await asked(sentinel, "SENTINEL", "MONITOR", "other", "127.0.0.1", sentinels.ports[1], 2)
    async with ScriptRunner.open(sentinels.url.replace("holdfast", "other")) as runner:
        with pytest.raises(StoreUnavailable, match="not a master"):
            await runner.command("GET", "a")


async def test_some_sentinels_are_gone(sentinels: EmbeddedSentinelSet) -> None:
    sentinels.sentinels[0].signal(signal.SIGKILL)
    sentinels.sentinels[1].signal(signal.SIGSTOP)
    async with ScriptRunner.open(sentinels.url) as runner, writing(runner, KEYS) as writer:
        assert not any(writer.failed.values())
    sentinels.sentinels[1].signal(signal.SIGCONT)


async def test_nobody_knows_the_master(sentinels: EmbeddedSentinelSet) -> None:
    for url in ("redis+sentinel://127.0.0.1:1,127.0.0.1:2/holdfast", sentinels.url.replace("holdfast", "other")):
        async with ScriptRunner.open(url) as runner:
            with pytest.raises(StoreUnavailable, match="no sentinel knows"):
                await runner.command("PING")
