"""Changing how many seats a hold has."""

import asyncio

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldClaimed, HoldExpired, HoldNotFound, NotEnoughSeats, SalesEnded
from tests.holds.conftest import ANN, BEN, POOL, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import free_seats, opened, timeless


async def test_sets_the_total(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN)
    for seats in (4, 6, 6, 2, 0, 10):
        (resized,) = await engine.resize(ANN, {hold.id: seats})
        assert (resized.seats, resized.closes_at) == (seats, hold.closes_at)
        assert timeless(await engine.get(ANN, hold.id)) == timeless(resized)
        assert await free_seats(engine, POOL) == 10 - seats


async def test_the_first_seats_date_the_reservation(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN)
    await wait_until(raw, hold.opened_at + 5)
    (first,) = await engine.resize(ANN, {hold.id: 1})
    assert first.reserved_at is not None
    assert first.reserved_at >= hold.opened_at + 5
    await wait_until(raw, first.reserved_at + 5)
    (none,) = await engine.resize(ANN, {hold.id: 0})
    (second,) = await engine.resize(ANN, {hold.id: 3})
    assert first.reserved_at == none.reserved_at == second.reserved_at


async def test_more_than_is_free_keeps_what_it_had(engine: HoldEngine) -> None:
    mine, other = await opened(engine, POOL, ANN, 3), await opened(engine, POOL, BEN, 5)
    with pytest.raises(NotEnoughSeats) as refusal:
        await engine.resize(ANN, {mine.id: 6})
    assert refusal.value.free == 2
    assert (await engine.get(ANN, mine.id)).seats == 3
    assert (await engine.get(BEN, other.id)).seats == 5
    assert await free_seats(engine, POOL) == 2


async def test_fewer_are_free_for_others_at_once(engine: HoldEngine) -> None:
    mine, other = await opened(engine, POOL, ANN, 10), await opened(engine, POOL, BEN)
    await engine.resize(ANN, {mine.id: 4})
    await engine.resize(BEN, {other.id: 6})


async def test_several_at_once_count_together(engine: HoldEngine) -> None:
    a, b = await opened(engine, POOL, ANN, 7), await opened(engine, POOL, ANN, 3)
    assert [hold.seats for hold in await engine.resize(ANN, {a.id: 2, b.id: 8})] == [2, 8]
    with pytest.raises(NotEnoughSeats):
        await engine.resize(ANN, {a.id: 0, b.id: 11})
    assert [(await engine.get(ANN, hold.id)).seats for hold in (a, b)] == [2, 8]


async def test_several_at_once_all_or_none(engine: HoldEngine) -> None:
    a, b = await opened(engine, POOL, ANN, 1), await opened(engine, POOL, ANN, 1)
    await engine.claim(ANN, [b.id])
    with pytest.raises(HoldClaimed):
        await engine.resize(ANN, {a.id: 2, b.id: 2})
    assert (await engine.get(ANN, a.id)).seats == 1


async def test_one_unknown_hold_among_several_is_not_found(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 1)
    with pytest.raises(HoldNotFound):
        await engine.resize(ANN, {hold.id: 2, "bkg_404": 1})
    others = await opened(engine, POOL, BEN, 1)
    with pytest.raises(HoldNotFound):
        await engine.resize(ANN, {hold.id: 2, others.id: 2})
    assert (await engine.get(ANN, hold.id)).seats == 1


async def test_holds_of_several_pools_are_refused(engine: HoldEngine, database: Database) -> None:
    database.add("ses_2", 10)
    a, b = await opened(engine, POOL, ANN), await opened(engine, "ses_2", ANN)
    with pytest.raises(ValueError, match="one pool"):
        await engine.resize(ANN, {a.id: 1, b.id: 1})


async def test_none_are_refused(engine: HoldEngine) -> None:
    with pytest.raises(ValueError, match="no holds"):
        await engine.resize(ANN, {})


async def test_somebody_elses(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 1)
    with pytest.raises(HoldNotFound):
        await engine.resize(BEN, {hold.id: 2})


async def test_a_claimed_hold(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 1)
    await engine.claim(ANN, [hold.id])
    with pytest.raises(HoldClaimed):
        await engine.resize(ANN, {hold.id: 2})


async def test_after_its_end(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 1, lifetime=50)
    await wait_until(raw, hold.closes_at)
    with pytest.raises(HoldExpired):
        await engine.resize(ANN, {hold.id: 2})


async def test_after_sales_have_ended_it_only_shrinks(engine: HoldEngine, database: Database, raw: Raw) -> None:
    end = await now_of(raw) + 100
    database.add("ses_2", 10, sales_end=end)
    async with ends_before(raw, end):
        hold = await opened(engine, "ses_2", ANN, 5)
    await wait_until(raw, end)
    with pytest.raises(SalesEnded):
        await engine.resize(ANN, {hold.id: 6})
    (resized,) = await engine.resize(ANN, {hold.id: 2})
    assert resized.seats == 2


async def test_shrinking_needs_no_fresh_register(engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 5)
    await raw.hset(f"pool:{{{POOL}}}", "fresh_until", 0)
    database.failure = ConnectionRefusedError("no Postgres")
    await engine.resize(ANN, {hold.id: 3})
    await engine.resize(ANN, {hold.id: 3})
    with pytest.raises(ConnectionRefusedError):
        await engine.resize(ANN, {hold.id: 4})


async def test_under_a_lowered_capacity(engine: HoldEngine, database: Database) -> None:
    """Open holds stay; nothing grows until it fits again."""
    mine, other = await opened(engine, POOL, ANN, 5), await opened(engine, POOL, BEN, 3)
    await engine.write(POOL, database.change(POOL, capacity=4))
    for seats in (6, 100):
        with pytest.raises(NotEnoughSeats) as refusal:
            await engine.resize(ANN, {mine.id: seats})
        assert refusal.value.free == 0
    await engine.resize(ANN, {mine.id: 1})
    with pytest.raises(NotEnoughSeats):
        await engine.resize(ANN, {mine.id: 2})
    await engine.resize(BEN, {other.id: 2})
    await engine.resize(ANN, {mine.id: 2})


async def test_many_at_once_never_exceed_the_capacity(make_engine: MakeEngine) -> None:
    engines = [make_engine() for _ in range(4)]
    holds = [await opened(engines[0], POOL, f"usr_{i}") for i in range(30)]
    outcomes = await asyncio.gather(
        *(engines[i % 4].resize(hold.owner, {hold.id: 1}) for i, hold in enumerate(holds)), return_exceptions=True
    )
    assert sum(isinstance(outcome, NotEnoughSeats) for outcome in outcomes) == 20
    assert await free_seats(engines[0], POOL) == 0
