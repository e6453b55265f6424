"""Giving holds up."""

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldClaimed, HoldExpired, HoldNotFound
from tests.holds.conftest import ANN, BEN, POOL, Raw, wait_until
from tests.holds.steps import free_seats, opened


async def test_seats_are_free_at_once(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 10)
    await engine.release(ANN, [hold.id])
    assert await free_seats(engine, POOL) == 10
    assert await raw.keys() == [f"pool:{{{POOL}}}"]
    with pytest.raises(HoldNotFound):
        await engine.get(ANN, hold.id)
    await opened(engine, POOL, BEN, 10)


async def test_several_at_once_all_or_none(engine: HoldEngine) -> None:
    a, b = await opened(engine, POOL, ANN, 2), await opened(engine, POOL, ANN, 3)
    claim = await engine.claim(ANN, [b.id])
    with pytest.raises(HoldClaimed):
        await engine.release(ANN, [a.id, b.id])
    assert (await engine.get(ANN, a.id)).seats == 2
    await engine.unclaim(claim)
    await engine.release(ANN, [a.id, b.id])
    assert await free_seats(engine, POOL) == 10


async def test_somebody_elses(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 2)
    with pytest.raises(HoldNotFound):
        await engine.release(BEN, [hold.id])
    assert (await engine.get(ANN, hold.id)).seats == 2


async def test_repeating_a_release_whose_reply_was_lost(engine: HoldEngine, raw: Raw) -> None:
    """The first one ran in Redis, and its process heard nothing of it."""
    hold = await opened(engine, POOL, ANN, 2)
    await raw.delete(f"hold:{{{POOL}}}:{hold.id}")
    await engine.release(ANN, [hold.id])
    assert await free_seats(engine, POOL) == 10
    with pytest.raises(HoldNotFound):
        await engine.release(ANN, [hold.id])
    assert await free_seats(engine, POOL) == 10


async def test_a_lapsed_hold_does_not_matter(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 2, lifetime=50)
    await wait_until(raw, hold.closes_at)
    with pytest.raises(HoldExpired):
        await engine.get(ANN, hold.id)
    await engine.release(ANN, [hold.id])
    assert await free_seats(engine, POOL) == 10
