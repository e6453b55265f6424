"""Claiming a hold, giving it back, and taking a claim over."""

import asyncio
from contextlib import suppress

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldClaimed, HoldEmpty, HoldExpired, HoldNotFound
from holds.models import HoldState, Timing
from tests.holds.conftest import ANN, BEN, POOL, QUICK, MakeEngine, Raw, ends_before, wait_until
from tests.holds.steps import free_seats, opened, timeless

LONG = Timing(sale=150, lease=300, claim=900)
"""Leaves time to take a claim over: from 150 to 450 ms after the first."""


def hold_key(hold_id: str) -> str:
    return f"hold:{{{POOL}}}:{hold_id}"


async def test_freezes_the_hold(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 3)
    time = asyncio.get_running_loop().time
    before = time()
    claim = await engine.claim(ANN, [hold.id])
    assert before + 5 <= claim.deadline <= time() + 5
    (claimed,) = claim.holds
    assert (claim.pool, claim.owner, claim.claimed_at) == (POOL, ANN, claimed.now)
    assert (claimed.state, claimed.seats, claimed.closes_at) == (HoldState.CLAIMED, 3, hold.closes_at)
    assert (claimed.opened_at, claimed.reserved_at) == (hold.opened_at, hold.reserved_at)
    assert timeless(await engine.get(ANN, hold.id)) == timeless(claimed)
    assert await free_seats(engine, POOL) == 7


async def test_moves_the_end_only_when_little_is_left(engine: HoldEngine, raw: Raw) -> None:
    short, long = await opened(engine, POOL, ANN, 1, lifetime=10_000), await opened(engine, POOL, ANN, 1)
    claim = await engine.claim(ANN, [short.id, long.id])
    assert await raw.pexpiretime(hold_key(short.id)) == claim.claimed_at + Timing().claim
    assert await raw.pexpiretime(hold_key(long.id)) == long.closes_at
    assert [hold.closes_at for hold in claim.holds] == [short.closes_at, long.closes_at]
    assert (await engine.get(ANN, short.id)).closes_at == short.closes_at


async def test_a_claimed_hold_outlives_its_old_end(make_engine: MakeEngine, raw: Raw) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, 10, lifetime=100)
    async with ends_before(raw, hold.closes_at):
        claim = await engine.claim(ANN, [hold.id])
    async with ends_before(raw, claim.claimed_at + QUICK.claim):
        await wait_until(raw, hold.closes_at + 20)
        assert await free_seats(engine, POOL) == 0
        assert (await engine.get(ANN, hold.id)).state is HoldState.CLAIMED
    await wait_until(raw, claim.claimed_at + QUICK.claim)
    assert await free_seats(engine, POOL) == 10
    async with ends_before(raw, await raw.pexpiretime(f"holdref:{hold.id}")):
        with pytest.raises(HoldExpired):
            await engine.get(ANN, hold.id)


async def test_too_few_seats(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN)
    with pytest.raises(HoldEmpty):
        await engine.claim(ANN, [hold.id])
    assert (await engine.get(ANN, hold.id)).state is HoldState.OPEN
    claim = await engine.claim(ANN, [hold.id], minimum=0)
    assert claim.holds[0].seats == 0
    assert claim.holds[0].reserved_at is None


async def test_several_at_once_all_or_none(engine: HoldEngine) -> None:
    full, empty = await opened(engine, POOL, ANN, 1), await opened(engine, POOL, ANN)
    with pytest.raises(HoldEmpty):
        await engine.claim(ANN, [full.id, empty.id])
    assert (await engine.get(ANN, full.id)).state is HoldState.OPEN
    await engine.claim(ANN, [empty.id], minimum=0)
    with pytest.raises(HoldClaimed):
        await engine.claim(ANN, [full.id, empty.id], minimum=0)
    assert (await engine.get(ANN, full.id)).state is HoldState.OPEN


async def test_somebody_elses_or_nobodys(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 1)
    with pytest.raises(HoldNotFound):
        await engine.claim(BEN, [hold.id])
    with pytest.raises(HoldNotFound):
        await engine.claim(ANN, ["bkg_404"])


async def test_after_its_end(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 1, lifetime=50)
    await wait_until(raw, hold.closes_at)
    with pytest.raises(HoldExpired):
        await engine.claim(ANN, [hold.id])


async def test_one_of_two_simultaneous_claims(make_engine: MakeEngine) -> None:
    engines = [make_engine(), make_engine()]
    hold = await opened(engines[0], POOL, ANN, 1)
    outcomes = await asyncio.gather(*(e.claim(ANN, [hold.id]) for e in engines), return_exceptions=True)
    assert sum(isinstance(outcome, HoldClaimed) for outcome in outcomes) == 1


async def test_unclaiming_restores_the_hold(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 3)
    before = await raw.hgetall(hold_key(hold.id))
    await engine.unclaim(await engine.claim(ANN, [hold.id]))
    assert await raw.hgetall(hold_key(hold.id)) == before
    assert await raw.pexpiretime(hold_key(hold.id)) == hold.closes_at
    assert await raw.zscore(f"pool:{{{POOL}}}:holds", hold.id) == hold.closes_at
    await engine.resize(ANN, {hold.id: 4})


async def test_unclaiming_after_the_old_end_removes_the_hold(make_engine: MakeEngine, raw: Raw) -> None:
    engine = make_engine(QUICK)
    hold = await opened(engine, POOL, ANN, 3, lifetime=60)
    async with ends_before(raw, hold.closes_at):
        claim = await engine.claim(ANN, [hold.id])
    await wait_until(raw, hold.closes_at)
    async with ends_before(raw, await raw.pexpiretime(f"holdref:{hold.id}")):
        await engine.unclaim(claim)
        assert await free_seats(engine, POOL) == 10
        with pytest.raises(HoldExpired):
            await engine.get(ANN, hold.id)


async def test_unclaiming_with_a_stale_token_does_nothing(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 3)
    stale = await engine.claim(ANN, [hold.id])
    await engine.unclaim(stale)
    await engine.claim(ANN, [hold.id])
    current = await raw.hgetall(hold_key(hold.id))
    await engine.unclaim(stale)
    assert await raw.hgetall(hold_key(hold.id)) == current


async def test_unclaiming_what_is_gone_does_nothing(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 3)
    claim = await engine.claim(ANN, [hold.id])
    await engine.unclaim(claim)
    await engine.release(ANN, [hold.id])
    await engine.unclaim(claim)
    assert await free_seats(engine, POOL) == 10
    assert await engine.of_owner(ANN) == []


async def test_taking_over_waits_until_the_first_sale_cannot_commit(make_engine: MakeEngine, raw: Raw) -> None:
    engine = make_engine(LONG)
    hold = await opened(engine, POOL, ANN, 1, lifetime=200)
    async with ends_before(raw, hold.closes_at):
        first = await engine.claim(ANN, [hold.id])
    second = None
    async with ends_before(raw, first.claimed_at + LONG.claim - LONG.sale - LONG.lease):
        while second is None:
            with suppress(HoldClaimed):
                second = await engine.claim(ANN, [hold.id])
    assert second.token != first.token
    assert second.claimed_at > first.claimed_at + LONG.sale
    async with ends_before(raw, second.claimed_at + LONG.sale):
        assert await raw.pexpiretime(hold_key(hold.id)) == first.claimed_at + LONG.claim
        with pytest.raises(HoldClaimed):
            await engine.claim(ANN, [hold.id])


async def test_taking_over_leaves_time_for_a_sale_and_a_lease(make_engine: MakeEngine, raw: Raw) -> None:
    engine = make_engine(LONG)
    hold = await opened(engine, POOL, ANN, 1, lifetime=200)
    async with ends_before(raw, hold.closes_at):
        claim = await engine.claim(ANN, [hold.id])
    await wait_until(raw, claim.claimed_at + LONG.claim - LONG.sale - LONG.lease + 1)
    async with ends_before(raw, claim.claimed_at + LONG.claim):
        with pytest.raises(HoldClaimed):
            await engine.claim(ANN, [hold.id])


async def test_a_long_hold_may_be_taken_over_until_shortly_before_its_end(make_engine: MakeEngine, raw: Raw) -> None:
    engine = make_engine(LONG)
    hold = await opened(engine, POOL, ANN, 1, lifetime=1_500)
    async with ends_before(raw, hold.closes_at - LONG.sale - LONG.lease):
        claim = await engine.claim(ANN, [hold.id])
        await wait_until(raw, claim.claimed_at + 600)
        await engine.claim(ANN, [hold.id])
    assert await raw.pexpiretime(hold_key(hold.id)) == hold.closes_at


async def test_unclaiming_what_was_taken_over_keeps_it_claimed(make_engine: MakeEngine, raw: Raw) -> None:
    """The first sale may have committed in the meantime: its seats must not come free before every register knows.

    Fails when `unclaim` opens such a hold again, as it does any other.
    """
    engine = make_engine(LONG)
    hold = await opened(engine, POOL, ANN, 10, lifetime=100)
    async with ends_before(raw, hold.closes_at):
        first = await engine.claim(ANN, [hold.id])
    await wait_until(raw, first.claimed_at + LONG.sale + 1)
    async with ends_before(raw, first.claimed_at + LONG.claim - LONG.sale - LONG.lease):
        await engine.unclaim(await engine.claim(ANN, [hold.id]))
        assert await free_seats(engine, POOL) == 0
        assert (await engine.get(ANN, hold.id)).state is HoldState.CLAIMED
    await wait_until(raw, first.claimed_at + LONG.claim)
    assert await free_seats(engine, POOL) == 10


async def test_a_claim_needs_no_fresh_register(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 1)
    await raw.hset(f"pool:{{{POOL}}}", "fresh_until", 0)
    await engine.claim(ANN, [hold.id])
