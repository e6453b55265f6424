"""Every key ends by itself, and none before the last hold that needs it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from holds import following, keys
from holds.engine import HoldEngine
from holds.models import Timing
from tests.holds.conftest import ANN, BEN, POOL, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import opened, sold

SHORT = Timing(sale=20, lease=40, claim=160, memory=400)
LIFETIME = 150
GONE, ENDLESS = -2, -1
POOL_KEYS = [f"pool:{{{POOL}}}{part}" for part in ("", ":holds")]


@pytest.fixture
async def short(make_engine: MakeEngine, raw: Raw) -> AsyncIterator[HoldEngine]:
    """An engine after whose every test Redis empties by itself."""
    yield make_engine(SHORT)
    await every_key_ends_late_enough(raw)
    await redis_empties(raw)


async def every_key_ends_late_enough(raw: Raw) -> None:
    names = [str(name) for name in await raw.keys()]
    async with raw.pipeline(transaction=False) as asked:
        for name in names:
            asked.pexpiretime(name)
        asked.zrange(POOL_KEYS[1], 0, -1, withscores=True)
        *found, index = await asked.execute()
    now = await now_of(raw)  # what is live after all was read was live all the while; a key outlasts its hold by 1 ms
    ends, indexed = dict(zip(names, found, strict=True)), dict(index)
    holds = {name.partition("}:")[2]: end for name, end in ends.items() if name.startswith("hold:") and end > now}
    for hold_id, end in holds.items():
        assert indexed[hold_id] == end
        assert ends[f"holdref:{hold_id}"] > end
    for name, end in ends.items():
        assert end != ENDLESS, name
        assert name not in POOL_KEYS or end > max(holds.values(), default=GONE - 1), name


async def ends_of_keys(raw: Raw) -> dict[str, int]:
    return {str(name): await raw.pexpiretime(str(name)) for name in await raw.keys()}


async def redis_empties(raw: Raw) -> None:
    """The list of what lapsed ends, too, but only a quarter of an hour later: somebody is to record it."""
    await raw.delete(keys.lapsed(POOL))
    await wait_until(raw, max((await ends_of_keys(raw)).values(), default=0))
    for _ in range(100):  # Redis removes what nobody asks for some ms later
        if await raw.dbsize() == 0:
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"left behind: {await raw.keys()}")


async def test_a_hold_left_alone(short: HoldEngine, raw: Raw) -> None:
    await opened(short, POOL, ANN, lifetime=LIFETIME)
    await every_key_ends_late_enough(raw)


async def test_a_hold_resized_up_and_down(short: HoldEngine, raw: Raw) -> None:
    hold = await opened(short, POOL, ANN, lifetime=LIFETIME)
    async with ends_before(raw, hold.closes_at):
        for seats in (3, 0, 10):
            await short.resize(ANN, {hold.id: seats})
            await every_key_ends_late_enough(raw)


async def test_a_claim_in_the_last_moment(short: HoldEngine, raw: Raw) -> None:
    hold = await opened(short, POOL, ANN, 1, lifetime=LIFETIME)
    await wait_until(raw, hold.closes_at - 60)
    async with ends_before(raw, hold.closes_at):
        claim = await short.claim(ANN, [hold.id])
    await every_key_ends_late_enough(raw)
    await wait_until(raw, claim.claimed_at + SHORT.sale + 1)
    async with ends_before(raw, claim.claimed_at + SHORT.claim - SHORT.sale - SHORT.lease):
        await short.claim(ANN, [hold.id])
    await every_key_ends_late_enough(raw)


async def test_holds_that_come_and_go(short: HoldEngine, database: Database, raw: Raw) -> None:
    """The indexes vanish with their last hold and come back with the next, and then need an end again."""
    for lifetime in (LIFETIME, 2 * LIFETIME, 1):
        bought = await opened(short, POOL, ANN, 1, lifetime=LIFETIME)
        async with ends_before(raw, bought.closes_at):
            await sold(short, database, bought)
        hold = await opened(short, POOL, BEN, 1, lifetime=lifetime)
        await every_key_ends_late_enough(raw)
        await short.release(BEN, [hold.id])
        await every_key_ends_late_enough(raw)


async def test_ever_longer_holds(short: HoldEngine, raw: Raw) -> None:
    for lifetime in (10, 400, 100, 900, 500):
        await opened(short, POOL, ANN, 1, lifetime=lifetime)
        await every_key_ends_late_enough(raw)


async def test_a_pool_loaded_again(short: HoldEngine, raw: Raw) -> None:
    hold = await opened(short, POOL, ANN, 1, lifetime=400)
    await wait_until(raw, hold.opened_at + SHORT.lease)
    async with ends_before(raw, hold.closes_at):
        await short.resize(ANN, {hold.id: 2})
    await every_key_ends_late_enough(raw)


async def test_a_pool_that_is_followed(short: HoldEngine, raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "WATCH", 200)
    await short.follow(POOL, None)
    await opened(short, POOL, ANN, 1, lifetime=LIFETIME)
    await every_key_ends_late_enough(raw)


async def test_a_dropped_pool(short: HoldEngine, database: Database, raw: Raw) -> None:
    await opened(short, POOL, ANN, 1, lifetime=LIFETIME)
    await short.drop(POOL, database.change(POOL, capacity=0).version)
    await every_key_ends_late_enough(raw)


async def test_indexes_made_anew_after_they_were_deleted(short: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await opened(short, POOL, ANN, 1, lifetime=400)
    await raw.delete(*POOL_KEYS[1:])
    await short.resize(ANN, {hold.id: 2})
    await short.claim(ANN, [hold.id])
    await short.load(POOL, database.rows[POOL], hold.now)
    await every_key_ends_late_enough(raw)
