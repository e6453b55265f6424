"""Opening holds."""

import asyncio

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldNotFound, NotEnoughSeats, PoolNotFound, SalesEnded, TooManyHolds
from holds.models import HoldState
from tests.holds.conftest import ANN, BEN, POOL, QUICK, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import MINUTE, free_seats, opened, timeless


async def test_a_hold_of_no_seats(engine: HoldEngine, raw: Raw) -> None:
    before = await now_of(raw)
    hold = await opened(engine, POOL, ANN)
    assert (hold.pool, hold.owner, hold.seats, hold.state, hold.reserved_at) == (POOL, ANN, 0, HoldState.OPEN, None)
    assert before <= hold.opened_at == hold.now <= await now_of(raw)
    assert hold.closes_at == hold.opened_at + MINUTE
    assert timeless(await engine.get(ANN, hold.id)) == timeless(hold)
    assert await free_seats(engine, POOL) == 10


async def test_a_hold_with_seats(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 4)
    assert (hold.seats, hold.reserved_at) == (4, hold.opened_at)
    assert timeless(await engine.get(ANN, hold.id)) == timeless(hold)
    assert await free_seats(engine, POOL) == 6


async def test_the_last_seat_and_no_more(engine: HoldEngine) -> None:
    await opened(engine, POOL, ANN, 9)
    with pytest.raises(NotEnoughSeats) as refusal:
        await opened(engine, POOL, BEN, 2)
    assert refusal.value.free == 1
    await opened(engine, POOL, BEN, 1)
    with pytest.raises(NotEnoughSeats) as refusal:
        await opened(engine, POOL, BEN, 1)
    assert refusal.value.free == 0
    assert await free_seats(engine, POOL) == 0
    await opened(engine, POOL, BEN, 0)


async def test_several_at_once(engine: HoldEngine) -> None:
    holds = await engine.open(POOL, ANN, {"a": 3, "b": 0, "c": 7}, lifetime=MINUTE, owner_limit=3)
    assert [(hold.id, hold.seats) for hold in holds] == [("a", 3), ("b", 0), ("c", 7)]
    assert await free_seats(engine, POOL) == 0


async def test_several_at_once_all_or_none(engine: HoldEngine, raw: Raw) -> None:
    await engine.availability(POOL)
    with pytest.raises(NotEnoughSeats):
        await engine.open(POOL, ANN, {"a": 3, "b": 8}, lifetime=MINUTE, owner_limit=3)
    assert await free_seats(engine, POOL) == 10
    assert await raw.keys() == [f"pool:{{{POOL}}}"]
    with pytest.raises(HoldNotFound):
        await engine.get(ANN, "a")


async def test_ended_sales(engine: HoldEngine, database: Database, raw: Raw) -> None:
    database.add("ses_2", 10, sales_end=await now_of(raw))
    with pytest.raises(SalesEnded):
        await opened(engine, "ses_2", ANN)


async def test_sales_end_at_the_millisecond(engine: HoldEngine, database: Database, raw: Raw) -> None:
    end = await now_of(raw) + 100
    database.add("ses_2", 10, sales_end=end)
    async with ends_before(raw, end):
        await opened(engine, "ses_2", ANN)
    await wait_until(raw, end)
    with pytest.raises(SalesEnded):
        await opened(engine, "ses_2", ANN)


async def test_an_unknown_pool(engine: HoldEngine, raw: Raw) -> None:
    with pytest.raises(PoolNotFound):
        await opened(engine, "ses_404", ANN)
    assert await raw.dbsize() == 0


async def test_a_failing_load_leaves_nothing(engine: HoldEngine, database: Database, raw: Raw) -> None:
    database.failure = ConnectionRefusedError("no Postgres")
    with pytest.raises(ConnectionRefusedError):
        await opened(engine, POOL, ANN)
    assert await raw.dbsize() == 0


async def test_an_owners_bound(engine: HoldEngine, database: Database, raw: Raw) -> None:
    database.add("ses_2", 10)
    await opened(engine, POOL, ANN, limit=2)
    hold = await opened(engine, "ses_2", ANN, limit=2)
    with pytest.raises(TooManyHolds):
        await opened(engine, POOL, ANN, limit=2)
    await opened(engine, POOL, BEN, limit=2)
    await engine.release(ANN, [hold.id])
    await opened(engine, POOL, ANN, limit=2)


async def test_an_owners_bound_is_exact_when_many_open_at_once(make_engine: MakeEngine) -> None:
    engines = [make_engine() for _ in range(4)]
    outcomes = await asyncio.gather(
        *(opened(engines[i % 4], POOL, ANN, limit=7) for i in range(60)), return_exceptions=True
    )
    assert sum(isinstance(outcome, TooManyHolds) for outcome in outcomes) == 53
    assert len(await engines[0].of_owner(ANN)) == 7


async def test_a_batch_beyond_an_owners_bound_enters_nothing(engine: HoldEngine, raw: Raw) -> None:
    with pytest.raises(TooManyHolds):
        await engine.open(POOL, ANN, {"a": 0, "b": 0}, lifetime=MINUTE, owner_limit=1)
    assert await raw.dbsize() == 0


async def test_lapsed_holds_do_not_count_for_the_bound(make_engine: MakeEngine, raw: Raw) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, lifetime=50, limit=1)
    await wait_until(raw, hold.closes_at)
    await opened(engine, POOL, ANN, limit=1)
