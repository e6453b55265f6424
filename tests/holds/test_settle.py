"""Settling what was sold."""

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldNotFound
from holds.models import Timing
from tests.holds.conftest import ANN, BEN, POOL, QUICK, MakeEngine, Raw, ends_before, wait_until
from tests.holds.database import Database
from tests.holds.steps import free_seats, opened, sold


async def test_the_hold_becomes_seats_sold(engine: HoldEngine, database: Database) -> None:
    hold, other = await opened(engine, POOL, ANN, 3), await opened(engine, POOL, BEN, 2)
    await sold(engine, database, hold)
    known = await engine.availability(POOL)
    assert known is not None
    assert (known.sold, known.held, known.version, known.fresh) == (3, 2, 2, True)
    with pytest.raises(HoldNotFound):
        await engine.get(ANN, hold.id)
    assert await engine.of_owner(ANN) == []
    assert (await engine.get(BEN, other.id)).seats == 2


async def test_leaves_no_key_of_the_hold(engine: HoldEngine, database: Database, raw: Raw) -> None:
    await sold(engine, database, await opened(engine, POOL, ANN, 3))
    assert await raw.keys() == [f"pool:{{{POOL}}}"]


async def test_settling_twice_is_settling_once(engine: HoldEngine, database: Database) -> None:
    await opened(engine, POOL, BEN, 2)
    hold = await opened(engine, POOL, ANN, 3)
    claim = await sold(engine, database, hold)
    await engine.settle(POOL, [claim], database.rows[POOL])
    known = await engine.availability(POOL)
    assert known is not None
    assert (known.sold, known.held) == (3, 2)


async def test_in_the_other_order_than_they_committed(engine: HoldEngine, database: Database) -> None:
    """For a moment the first sale counts twice, which refuses too much and sells nothing twice."""
    holds = [await opened(engine, POOL, ANN, 3), await opened(engine, POOL, BEN, 2)]
    claims = [await engine.claim(hold.owner, [hold.id]) for hold in holds]
    rows = [database.sell(POOL, hold.seats) for hold in holds]
    await engine.settle(POOL, [claims[1]], rows[1])
    assert await free_seats(engine, POOL) == 10 - 5 - 3
    await engine.settle(POOL, [claims[0]], rows[0])
    known = await engine.availability(POOL)
    assert known is not None
    assert (known.sold, known.held, known.version) == (5, 0, 3)


async def test_several_of_several_owners_in_one_script(engine: HoldEngine, database: Database, raw: Raw) -> None:
    claims = []
    for i in range(4):
        hold = await opened(engine, POOL, f"usr_{i}", 2)
        claims.append(await engine.claim(hold.owner, [hold.id]))
    await raw.config_resetstat()
    await engine.settle(POOL, claims, database.sell(POOL, 8))
    assert (await raw.info("commandstats"))["cmdstat_evalsha"]["calls"] == 1
    known = await engine.availability(POOL)
    assert known is not None
    assert (known.sold, known.held) == (8, 0)
    assert await raw.keys() == [f"pool:{{{POOL}}}"]


async def test_a_hold_that_has_lapsed_and_was_reaped(make_engine: MakeEngine, database: Database, raw: Raw) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, 3, lifetime=50)
    async with ends_before(raw, hold.closes_at):
        claim = await engine.claim(ANN, [hold.id])
    await wait_until(raw, claim.claimed_at + QUICK.claim)
    assert await free_seats(engine, POOL) == 10
    await engine.settle(POOL, [claim], database.sell(POOL, 3))
    assert await free_seats(engine, POOL) == 7


async def test_a_sale_prolongs_the_lease_from_its_claim(engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 3)
    claim = await engine.claim(ANN, [hold.id])
    await engine.settle(POOL, [claim], database.sell(POOL, 3))
    assert int(await raw.hget(f"pool:{{{POOL}}}", "fresh_until") or 0) == claim.claimed_at + Timing().lease


async def test_a_pool_that_is_absent_stays_absent(engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 3)
    claim = await engine.claim(ANN, [hold.id])
    await raw.flushall()
    await engine.settle(POOL, [claim], database.sell(POOL, 3))
    assert await engine.availability(POOL) is None
    assert await raw.dbsize() == 0
