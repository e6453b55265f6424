"""A pool that Redis does not know, or knew too long ago, is read from the database: once, however many wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from holds.engine import HoldEngine
from holds.errors import NotEnoughSeats, PoolNotFound
from tests.holds.conftest import ANN, BEN, POOL, QUICK, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import opened


@asynccontextmanager
async def reading_nothing(database: Database) -> AsyncIterator[None]:
    """Let no read go on; nobody who waits for one waits for ever."""
    database.may_read.clear()
    try:
        async with asyncio.timeout(2):
            yield
    finally:
        database.may_read.set()


async def test_one_read_however_many_wait(make_engine: MakeEngine, database: Database) -> None:
    """Made to fail by letting `_loaded` start a task for everyone."""
    engines = [make_engine(), make_engine()]
    database.may_read.clear()
    waiting = [asyncio.create_task(opened(engines[i % 2], POOL, f"usr_{i}", 1)) for i in range(60)]
    await database.was_read(2)
    await asyncio.sleep(0.05)  # so that whoever reads without need does
    assert database.reads == 2
    database.may_read.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(isinstance(outcome, NotEnoughSeats) for outcome in outcomes) == 50
    assert database.reads == 2


async def test_past_its_lease_a_pool_decides_nothing(make_engine: MakeEngine, database: Database, raw: Raw) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, 1)
    database.sell(POOL, 9)
    await wait_until(raw, hold.opened_at + QUICK.lease)
    with pytest.raises(NotEnoughSeats):
        await opened(engine, POOL, BEN, 1)


async def test_past_its_lease_it_waits_for_the_database(make_engine: MakeEngine, database: Database, raw: Raw) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, 1)
    await wait_until(raw, hold.opened_at + QUICK.lease)
    database.failure = ConnectionRefusedError("no Postgres")
    with pytest.raises(ConnectionRefusedError):
        await opened(engine, POOL, BEN)
    with pytest.raises(ConnectionRefusedError):
        await engine.resize(ANN, {hold.id: 2})
    database.failure = None
    await engine.resize(ANN, {hold.id: 2})


async def test_a_failing_read_fails_all_who_wait_and_nobody_after(engine: HoldEngine, database: Database) -> None:
    database.may_return.clear()
    waiting = [asyncio.create_task(opened(engine, POOL, f"usr_{i}")) for i in range(5)]
    await database.was_read()
    await asyncio.sleep(0.05)  # all wait
    database.failure = ConnectionRefusedError("no Postgres")
    database.may_return.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionRefusedError] * 5
    assert database.reads == 1
    database.failure = None
    await opened(engine, POOL, ANN)


async def test_one_who_gives_up_does_not_stop_the_read(engine: HoldEngine, database: Database) -> None:
    database.may_read.clear()
    impatient = asyncio.create_task(opened(engine, POOL, ANN))
    patient = asyncio.create_task(opened(engine, POOL, BEN))
    await database.was_read()
    await asyncio.sleep(0.05)  # both wait
    impatient.cancel()
    database.may_read.set()
    assert (await patient).owner == BEN
    assert database.reads == 1


async def test_a_busy_pool_is_read_in_the_background(make_engine: MakeEngine, database: Database, raw: Raw) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, 1)
    await wait_until(raw, hold.opened_at + QUICK.lease // 2 + 5)
    async with reading_nothing(database), ends_before(raw, hold.opened_at + QUICK.lease):
        await engine.resize(ANN, {hold.id: 2})
        await engine.resize(ANN, {hold.id: 3})
        await asyncio.sleep(0)
        assert database.reads == 2
    await engine.close()
    await wait_until(raw, hold.opened_at + QUICK.lease + 5)
    async with reading_nothing(database), ends_before(raw, hold.opened_at + QUICK.lease * 3 // 2):
        await engine.resize(ANN, {hold.id: 4})


async def test_a_background_read_that_fails_disturbs_nobody(
    make_engine: MakeEngine, database: Database, raw: Raw
) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, 1)
    await wait_until(raw, hold.opened_at + QUICK.lease // 2 + 5)
    database.failure = ConnectionRefusedError("no Postgres")
    async with ends_before(raw, hold.opened_at + QUICK.lease):
        await engine.resize(ANN, {hold.id: 2})
        await engine.close()
        await engine.resize(ANN, {hold.id: 3})


async def test_a_row_that_comes_after_its_lease_is_read_again(
    make_engine: MakeEngine, database: Database, raw: Raw
) -> None:
    engine = make_engine(QUICK)
    database.may_return.clear()
    late = asyncio.create_task(opened(engine, POOL, ANN, 1))
    await database.was_read()
    await wait_until(raw, await now_of(raw) + QUICK.lease)
    database.sell(POOL, 10)
    database.may_return.set()
    with pytest.raises(NotEnoughSeats):
        await late
    assert database.reads == 2


async def test_an_unknown_pool_for_all_who_wait(engine: HoldEngine, database: Database) -> None:
    outcomes = await asyncio.gather(*(opened(engine, "ses_404", ANN) for _ in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [PoolNotFound] * 5
