"""Closing a pool for good."""

import pytest

from holds.engine import SCRIPTS, HoldEngine
from holds.errors import HoldExpired, SalesEnded
from holds.models import Inventory
from holds.runner import ScriptRunner
from tests.holds.conftest import ANN, BEN, POOL, Raw, now_of
from tests.holds.database import Database
from tests.holds.steps import MINUTE, opened

KEY = f"pool:{{{POOL}}}"
CHUNK = 500


async def cancelled(database: Database, raw: Raw) -> Inventory:
    """The row of a cancelled session."""
    return database.change(POOL, capacity=0, sold=0, sales_end=await now_of(raw) - 1)


async def test_removes_the_holds_and_keeps_the_row(engine: HoldEngine, database: Database, raw: Raw) -> None:
    mine, other = await opened(engine, POOL, ANN, 2), await opened(engine, POOL, BEN)
    await engine.drop(POOL, (await cancelled(database, raw)).version)
    for hold in (mine, other):
        with pytest.raises(HoldExpired):
            await engine.get(hold.owner, hold.id)
        assert await engine.of_owner(hold.owner) == []
    known = await engine.availability(POOL)
    assert known is not None
    assert (known.capacity, known.sold, known.held, known.version, known.fresh) == (0, 0, 0, 2, False)
    assert 0 < await raw.pttl(KEY) <= 50_000
    assert set(await raw.keys("pool:*")) == {KEY, f"{KEY}:lapsed"}


async def test_nothing_is_opened_any_more(engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 2)
    await engine.drop(POOL, (await cancelled(database, raw)).version)
    with pytest.raises(SalesEnded):
        await opened(engine, POOL, ANN)
    with pytest.raises(HoldExpired):
        await engine.resize(ANN, {hold.id: 3})


async def test_a_late_settle_does_not_revive_it(engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 2)
    claim = await engine.claim(ANN, [hold.id])
    row = database.sell(POOL, 2)
    await engine.drop(POOL, (await cancelled(database, raw)).version)
    await engine.settle(POOL, [claim], row)
    await engine.unclaim(claim)
    known = await engine.availability(POOL)
    assert known is not None
    assert (known.capacity, known.sold, known.held, known.version) == (0, 0, 0, 3)


async def test_a_late_load_of_an_older_row_does_not_revive_it(engine: HoldEngine, database: Database, raw: Raw) -> None:
    row, read_at = database.rows[POOL], await now_of(raw)
    await opened(engine, POOL, ANN, 2)
    await engine.drop(POOL, (await cancelled(database, raw)).version)
    await engine.load(POOL, row, read_at)
    await engine.write(POOL, row)
    known = await engine.availability(POOL)
    assert known is not None
    assert (known.capacity, known.fresh) == (0, False)


async def test_a_pool_that_redis_does_not_know_is_closed_too(engine: HoldEngine, database: Database, raw: Raw) -> None:
    row, read_at = database.rows[POOL], await now_of(raw)
    await engine.drop(POOL, (await cancelled(database, raw)).version)
    await engine.load(POOL, row, read_at)
    known = await engine.availability(POOL)
    assert known is not None
    assert known.capacity == 0


async def test_a_newer_version_that_redis_knows_is_kept(engine: HoldEngine, database: Database) -> None:
    await opened(engine, POOL, ANN)
    await engine.write(POOL, database.change(POOL))
    await engine.write(POOL, database.change(POOL))
    await engine.drop(POOL, 2)
    known = await engine.availability(POOL)
    assert known is not None
    assert known.version == 3


async def test_more_holds_than_one_step_removes(engine: HoldEngine, database: Database, raw: Raw) -> None:
    await open_many(engine, database)
    await raw.config_resetstat()
    await engine.drop(POOL, 3)
    assert await raw.keys("hold:*") == []
    assert set(await raw.keys("pool:*")) == {KEY, f"{KEY}:lapsed"}
    assert await raw.keys("owner:*") == []
    assert (await raw.info("commandstats"))["cmdstat_evalsha"]["calls"] == 3


@pytest.mark.parametrize("known", [True, False])
async def test_between_two_steps_the_pool_can_be_read_and_opens_nothing(
    engine: HoldEngine, runner: ScriptRunner, database: Database, raw: Raw, *, known: bool
) -> None:
    await open_many(engine, database)
    row = await cancelled(database, raw)
    if not known:
        await raw.delete(KEY)
    more, *_ = await runner.run(SCRIPTS["drop"], [KEY, f"{KEY}:holds"], [row.version, MINUTE, f"hold:{{{POOL}}}:"])
    assert more == 1
    availability = await engine.availability(POOL)
    assert availability is not None
    assert availability.capacity == 0
    with pytest.raises(SalesEnded):
        await opened(engine, POOL, ANN, 1)
    await engine.drop(POOL, row.version)
    availability = await engine.availability(POOL)
    assert availability is not None
    assert availability.held == 0


async def open_many(engine: HoldEngine, database: Database) -> None:
    database.change(POOL, capacity=5_000)
    for owner in (ANN, BEN):
        seats = {f"bkg_{owner}_{i}": 1 for i in range(CHUNK + 100)}
        await engine.open(POOL, owner, seats, lifetime=MINUTE, owner_limit=1_000)
