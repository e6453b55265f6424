"""Redis out of memory: nothing new is held, and what frees memory goes on."""

from collections.abc import AsyncIterator

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldNotFound, StoreUnavailable
from holds.models import Hold
from holds.runner import ScriptRunner
from service.embedded import EmbeddedRedis
from tests.holds.conftest import ANN, POOL, MakeEngine, Raw
from tests.holds.database import Database
from tests.holds.steps import free_seats, opened


@pytest.fixture
async def starved(own_server: EmbeddedRedis, make_engine: MakeEngine) -> AsyncIterator[tuple[HoldEngine, list[Hold]]]:
    """An engine with three holds on a server that has no memory left."""
    async with ScriptRunner.open(own_server.url) as runner, Raw.from_url(own_server.url) as operator:
        engine = make_engine(runner=runner)
        holds = [await opened(engine, POOL, ANN, 2) for _ in range(3)]
        await operator.config_set("maxmemory", 1)
        yield engine, holds
        await operator.config_set("maxmemory", 0)
        await opened(engine, POOL, ANN, 1)


async def test_what_would_hold_more_is_refused(starved: tuple[HoldEngine, list[Hold]], database: Database) -> None:
    engine, holds = starved
    with pytest.raises(StoreUnavailable):
        await opened(engine, POOL, ANN, 1)
    with pytest.raises(StoreUnavailable):
        await engine.resize(ANN, {holds[0].id: 3})
    with pytest.raises(StoreUnavailable):
        await engine.claim(ANN, [holds[0].id])
    with pytest.raises(StoreUnavailable):
        await engine.load(POOL, database.rows[POOL], holds[0].now)
    assert [hold.seats for hold in await engine.of_owner(ANN)] == [2, 2, 2]
    assert await free_seats(engine, POOL) == 4
    await engine.release(ANN, [hold.id for hold in holds])


async def test_releasing_goes_on(starved: tuple[HoldEngine, list[Hold]], database: Database) -> None:
    engine, holds = starved
    await engine.release(ANN, [holds[0].id])
    await engine.write(POOL, database.change(POOL, capacity=20))
    assert await free_seats(engine, POOL) == 16
    with pytest.raises(HoldNotFound):
        await engine.get(ANN, holds[0].id)


async def test_settling_and_unclaiming_go_on(
    own_server: EmbeddedRedis, make_engine: MakeEngine, database: Database
) -> None:
    async with ScriptRunner.open(own_server.url) as runner, Raw.from_url(own_server.url) as operator:
        engine = make_engine(runner=runner)
        holds = [await opened(engine, POOL, ANN, 2) for _ in range(2)]
        claims = [await engine.claim(ANN, [hold.id]) for hold in holds]
        await operator.config_set("maxmemory", 1)
        await engine.settle(POOL, [claims[0]], database.sell(POOL, 2))
        await engine.unclaim(claims[1])
        await engine.release(ANN, [holds[1].id])
        assert await free_seats(engine, POOL) == 8
        await engine.drop(POOL, 5)
        assert await free_seats(engine, POOL) == 0
