"""Reading holds, and what is left of pools."""

import asyncio

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldExpired, HoldNotFound
from tests.holds.conftest import ANN, BEN, POOL, QUICK, MakeEngine, Raw, ends_before, wait_until
from tests.holds.database import FAR, Database
from tests.holds.steps import opened, sold, timeless
from tests.holds.topologies import masters_of


async def test_a_hold_is_found_by_any_process(make_engine: MakeEngine) -> None:
    hold = await opened(make_engine(), POOL, ANN, 2)
    assert timeless(await make_engine().get(ANN, hold.id)) == timeless(hold)


async def test_somebody_elses_or_nobodys(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 2)
    with pytest.raises(HoldNotFound):
        await engine.get(BEN, hold.id)
    with pytest.raises(HoldNotFound):
        await engine.get(ANN, "bkg_404")


async def test_its_owner_learns_that_it_expired_and_others_nothing(make_engine: MakeEngine, raw: Raw) -> None:
    engines = [make_engine(QUICK), make_engine(QUICK)]
    hold = await opened(engines[0], POOL, ANN, 2, lifetime=50)
    await wait_until(raw, hold.closes_at)
    async with ends_before(raw, hold.closes_at + QUICK.memory):
        for engine in engines:
            with pytest.raises(HoldExpired):
                await engine.get(ANN, hold.id)
            with pytest.raises(HoldNotFound):
                await engine.get(BEN, hold.id)
    await wait_until(raw, hold.closes_at + QUICK.memory + 5)
    for engine in engines:
        with pytest.raises(HoldNotFound):
            await engine.get(ANN, hold.id)


async def test_what_another_process_settled_is_not_found(make_engine: MakeEngine, database: Database) -> None:
    mine, other = make_engine(), make_engine()
    hold = await opened(mine, POOL, ANN, 2)
    await sold(other, database, hold)
    with pytest.raises(HoldNotFound):
        await mine.get(ANN, hold.id)
    with pytest.raises(HoldNotFound):
        await mine.resize(ANN, {hold.id: 1})


async def test_an_owners_holds(engine: HoldEngine, database: Database, raw: Raw) -> None:
    database.add("ses_2", 10)
    lapsed = await opened(engine, POOL, ANN, 1, lifetime=50)
    holds = [await opened(engine, POOL, ANN, 2), await opened(engine, "ses_2", ANN)]
    await opened(engine, POOL, BEN, 1)
    claim = await engine.claim(ANN, [holds[0].id])
    await wait_until(raw, lapsed.closes_at)
    owned = {hold.id: timeless(hold) for hold in await engine.of_owner(ANN)}
    assert owned == {holds[0].id: timeless(claim.holds[0]), holds[1].id: timeless(holds[1])}
    assert await engine.of_owner("usr_404") == []


async def test_holds_are_found_by_their_ids_alone(make_engine: MakeEngine, database: Database, raw: Raw) -> None:
    database.add("ses_2", 10)
    engine = make_engine()
    lapsed = await opened(engine, POOL, BEN, 1, lifetime=50)
    holds = [await opened(engine, POOL, ANN, 2), await opened(engine, "ses_2", BEN, 1)]
    await wait_until(raw, lapsed.closes_at)
    found = await make_engine().find(["bkg_404", lapsed.id, *(hold.id for hold in holds)])
    assert [timeless(hold) for hold in found] == [timeless(hold) for hold in holds]


async def test_holds_by_pool(make_engine: MakeEngine, database: Database) -> None:
    database.add("ses_2", 10)
    engine = make_engine()
    first, other, second = [await opened(engine, pool, ANN, 1) for pool in (POOL, "ses_2", POOL)]
    hold_ids = [first.id, other.id, second.id]
    assert await make_engine().pools_of(ANN, hold_ids) == {POOL: [first.id, second.id], "ses_2": [other.id]}
    with pytest.raises(HoldNotFound):
        await make_engine().pools_of(BEN, hold_ids)
    with pytest.raises(HoldNotFound):
        await make_engine().pools_of(ANN, [*hold_ids, "bkg_404"])


async def test_a_claimed_hold_past_its_old_end_is_listed(make_engine: MakeEngine, raw: Raw) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, 1, lifetime=50)
    async with ends_before(raw, hold.closes_at):
        claim = await engine.claim(ANN, [hold.id])
    async with ends_before(raw, claim.claimed_at + QUICK.claim):
        await wait_until(raw, hold.closes_at + 20)
        assert [held.id for held in await engine.of_owner(ANN)] == [hold.id]


async def test_availability(engine: HoldEngine, database: Database) -> None:
    assert await engine.availability(POOL) is None
    assert database.reads == 0
    await sold(engine, database, await opened(engine, POOL, ANN, 3))
    await opened(engine, POOL, ANN, 2)
    known = await engine.availability(POOL)
    assert known is not None
    assert (known.capacity, known.sold, known.held, known.sales_end, known.version) == (10, 3, 2, FAR, 2)
    assert known.fresh


async def test_availability_says_when_its_lease_is_over(make_engine: MakeEngine, raw: Raw) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, 3)
    await wait_until(raw, hold.opened_at + QUICK.lease)
    known = await engine.availability(POOL)
    assert known is not None
    assert not known.fresh
    assert known.held == 3


async def test_held_of_many_pools_in_one_round_trip(engine: HoldEngine, database: Database, raw: Raw) -> None:
    pools = [f"ses_{i}" for i in range(40)]
    for i, pool in enumerate(pools[::2]):
        database.add(pool, 100)
        await opened(engine, pool, ANN, i)
    reads = []
    for _ in range(3):  # a server also reads what its replicas tell, now and then
        await raw.config_resetstat()
        held = await engine.held(pools)
        reads.append((await raw.info("stats"))["total_reads_processed"])
        assert held == [i // 2 if i % 2 == 0 else 0 for i in range(40)]
    assert min(reads) <= 4 * masters_of(raw)


async def test_reading_many_at_once(engine: HoldEngine) -> None:
    holds = [await opened(engine, POOL, ANN) for _ in range(50)]
    assert len(await engine.of_owner(ANN)) == 50
    assert len(await asyncio.gather(*(engine.get(ANN, hold.id) for hold in holds))) == 50
