"""Redis stopped, frozen, restarted or wiped, and replies that are lost."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldNotFound, StoreUnavailable
from holds.runner import ScriptRunner
from service.embedded import EmbeddedRedis
from tests.holds.conftest import ANN, POOL, MakeEngine, Raw
from tests.holds.proxy import Proxy
from tests.holds.steps import free_seats, opened

LONGEST = 2.0
"""How long anybody may wait for a Redis that does not answer, in seconds."""


@pytest.fixture
async def worker(own_server: EmbeddedRedis, make_engine: MakeEngine) -> AsyncIterator[HoldEngine]:
    async with ScriptRunner.open(own_server.url) as runner:
        yield make_engine(runner=runner)


async def all_unavailable(engine: HoldEngine, count: int) -> None:
    loop = asyncio.get_running_loop()
    started_at = loop.time()
    outcomes = await asyncio.gather(*(opened(engine, POOL, ANN) for _ in range(count)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
    assert loop.time() - started_at < LONGEST


async def test_a_stopped_server(worker: HoldEngine, own_server: EmbeddedRedis) -> None:
    await opened(worker, POOL, ANN)
    await own_server.stop()
    for _ in range(2):
        await all_unavailable(worker, 50)
    await own_server.start()
    await opened(worker, POOL, ANN)


async def test_a_frozen_server(worker: HoldEngine, own_server: EmbeddedRedis) -> None:
    hold = await opened(worker, POOL, ANN)
    assert own_server.process_id
    os.kill(own_server.process_id, signal.SIGSTOP)
    try:
        await all_unavailable(worker, 1_000)
        await all_unavailable(worker, 1)
    finally:
        os.kill(own_server.process_id, signal.SIGCONT)
    await worker.resize(ANN, {hold.id: 2})
    assert (await worker.get(ANN, hold.id)).seats == 2


async def test_a_restarted_server(worker: HoldEngine, own_server: EmbeddedRedis) -> None:
    """It has forgotten scripts and holds, and its old connections are dead."""
    hold = await opened(worker, POOL, ANN, 10)
    await own_server.stop()
    await own_server.start()
    with pytest.raises(HoldNotFound):
        await worker.resize(ANN, {hold.id: 2})
    with pytest.raises(HoldNotFound):
        await worker.get(ANN, hold.id)
    await opened(worker, POOL, ANN, 10)


async def test_forgotten_scripts(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN)
    await raw.script_flush()
    await asyncio.gather(*(opened(engine, POOL, ANN, 1) for _ in range(5)), engine.resize(ANN, {hold.id: 5}))
    assert await free_seats(engine, POOL) == 0


async def test_a_wiped_server(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 10)
    await raw.flushall()
    with pytest.raises(HoldNotFound):
        await engine.get(ANN, hold.id)
    with pytest.raises(HoldNotFound):
        await engine.claim(ANN, [hold.id])
    await opened(engine, POOL, ANN, 10)


async def test_a_script_whose_reply_was_lost_is_not_repeated(
    own_server: EmbeddedRedis, make_engine: MakeEngine, tmp_path: Path
) -> None:
    """Only its caller knows whether it may run again: here it may, and has the same end."""
    proxy = Proxy(tmp_path / "p", own_server.socket)
    async with proxy.listening(), ScriptRunner.open(f"unix://{quote(str(proxy.socket))}") as runner:
        engine = make_engine(runner=runner)
        hold = await opened(engine, POOL, ANN)
        async with Raw.from_url(own_server.url) as operator:
            await engine.resize(ANN, {hold.id: 0})
            await operator.config_resetstat()
            proxy.loses_replies = True
            with pytest.raises(StoreUnavailable):
                await engine.resize(ANN, {hold.id: 3})
            assert (await operator.info("commandstats"))["cmdstat_evalsha"]["calls"] == 1
        proxy.loses_replies = False
        assert (await engine.get(ANN, hold.id)).seats == 3
        await engine.resize(ANN, {hold.id: 3})
        assert await free_seats(engine, POOL) == 7
