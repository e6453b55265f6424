"""Pools and holds as operators and auditors see them, on every kind of Redis."""

import asyncio

from holds import keys, scanning
from holds.engine import HoldEngine
from holds.inspection import live_holds, state_of
from holds.models import HoldState
from holds.runner import ScriptRunner
from tests.holds.conftest import ANN, BEN, POOL, Raw
from tests.holds.database import Database
from tests.holds.halls import hall
from tests.holds.steps import MINUTE, opened, picked
from tests.holds.topologies import Servers


async def test_every_pool_is_found(engine: HoldEngine, database: Database, shared_server: Servers, raw: Raw) -> None:
    names = [f"ses_{number}" for number in range(30)]
    for name in names:
        database.add(name, 10)
        await engine.open(
            name, name.replace("ses", "usr"), {name.replace("ses", "bkg"): 1}, lifetime=MINUTE, owner_limit=1
        )
    found = {name async for batch in scanning.pools(shared_server.url) for name in batch}
    assert found == set(names)


async def test_no_pool_is_found_where_there_is_none(shared_server: Servers, raw: Raw) -> None:
    assert [batch async for batch in scanning.pools(shared_server.url)] == []


async def test_the_state_of_a_pool(engine: HoldEngine, runner: ScriptRunner) -> None:
    await engine.open(POOL, ANN, {"bkg_1": 2, "bkg_2": 3}, lifetime=MINUTE, owner_limit=2)
    await engine.open(POOL, BEN, {"bkg_3": 4}, lifetime=50, owner_limit=2)
    await asyncio.sleep(0.1)
    state = await state_of(runner, POOL)
    assert state is not None
    assert (state.held, state.seats, state.lapsed, state.holds, state.indexed) == (9, 9, 4, 3, 3)
    assert (state.register.capacity, state.register.sold) == (10, 0)
    assert state.now < state.fresh_until
    assert not state.closed


async def test_lapsed_holds_are_summed_however_many(
    engine: HoldEngine, runner: ScriptRunner, database: Database
) -> None:
    database.add("ses_2", 5_000)
    await engine.open("ses_2", ANN, {f"bkg_{number}": 1 for number in range(2_500)}, lifetime=500, owner_limit=2_500)
    await asyncio.sleep(0.6)
    state = await state_of(runner, "ses_2")
    assert state is not None
    assert (state.held, state.seats, state.lapsed) == (2_500, 2_500, 2_500)


async def test_a_pool_that_redis_does_not_know(runner: ScriptRunner, raw: Raw) -> None:
    assert await state_of(runner, POOL) is None
    assert await live_holds(runner, POOL, 5) == (0, [])


async def test_the_live_holds_of_a_pool(engine: HoldEngine, runner: ScriptRunner, raw: Raw) -> None:
    await engine.open(POOL, ANN, {"bkg_1": 2}, lifetime=MINUTE, owner_limit=9)
    await engine.open(POOL, BEN, {"bkg_2": 3}, lifetime=MINUTE // 2, owner_limit=9)
    await engine.open(POOL, BEN, {"bkg_3": 1}, lifetime=50, owner_limit=9)
    await engine.claim(ANN, ["bkg_1"])
    await asyncio.sleep(0.1)
    count, holds = await live_holds(runner, POOL, 5)
    assert count == 2
    assert [(hold.id, hold.owner, hold.seats, hold.state) for hold in holds] == [
        ("bkg_2", BEN, 3, HoldState.OPEN),
        ("bkg_1", ANN, 2, HoldState.CLAIMED),
    ]
    assert MINUTE // 2 - 5_000 < holds[0].left < MINUTE // 2
    count, holds = await live_holds(runner, POOL, 1)
    assert (count, [hold.id for hold in holds]) == (2, ["bkg_2"])


async def test_numbered_seats_are_listed_by_their_labels(
    engine: HoldEngine, runner: ScriptRunner, database: Database
) -> None:
    database.add_hall("ses_hall", hall("...\n..."))
    await picked(engine, "ses_hall", ANN, "A2", "B1")
    await opened(engine, "ses_hall", BEN, lifetime=2 * MINUTE)
    _, holds = await live_holds(runner, "ses_hall", 5)
    assert [(hold.owner, hold.labels) for hold in holds] == [(ANN, ("A2", "B1")), (BEN, ())]


async def test_a_hold_whose_key_was_deleted_is_not_listed(engine: HoldEngine, runner: ScriptRunner, raw: Raw) -> None:
    await engine.open(POOL, ANN, {"bkg_1": 2, "bkg_2": 1}, lifetime=MINUTE, owner_limit=9)
    await raw.delete(keys.hold(POOL, "bkg_1"))
    _, holds = await live_holds(runner, POOL, 5)
    assert [hold.id for hold in holds] == ["bkg_2"]
