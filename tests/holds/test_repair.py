"""What Redis believes is mended from the database and from the holds themselves, within a lease."""

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldEmpty, NotEnoughSeats
from tests.holds.conftest import ANN, BEN, POOL, QUICK, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import free_seats, opened

KEY = f"pool:{{{POOL}}}"


@pytest.fixture
async def mended(engine: HoldEngine, database: Database, raw: Raw) -> HoldEngine:
    """Has three holds of 1, 2 and 3 seats, the second claimed."""
    for seats in (1, 2, 3):
        hold = await opened(engine, POOL, f"usr_{seats}", seats)
        if seats == 2:
            await engine.claim(hold.owner, [hold.id])
    return engine


async def test_a_deleted_index(mended: HoldEngine, database: Database, raw: Raw) -> None:
    before = await raw.zrange(f"{KEY}:holds", 0, -1, withscores=True)
    await raw.delete(f"{KEY}:holds")
    await mended.load(POOL, database.rows[POOL], await now_of(raw))
    assert await raw.zrange(f"{KEY}:holds", 0, -1, withscores=True) == before
    assert await free_seats(mended, POOL) == 4


@pytest.mark.parametrize("entry", ["end", "seats"])
async def test_entries_without_a_hold(mended: HoldEngine, database: Database, raw: Raw, entry: str) -> None:
    if entry == "end":
        await raw.zadd(f"{KEY}:holds", {"bkg_ghost": await now_of(raw) + 60_000})
    else:
        await raw.hset(KEY, "seats:bkg_ghost", 4)
    await mended.load(POOL, database.rows[POOL], await now_of(raw))
    assert await raw.zscore(f"{KEY}:holds", "bkg_ghost") is None
    assert not await raw.hexists(KEY, "seats:bkg_ghost")
    assert await free_seats(mended, POOL) == 4


async def test_a_wrong_sum(mended: HoldEngine, database: Database, raw: Raw) -> None:
    await raw.hset(KEY, "free", 0)
    with pytest.raises(NotEnoughSeats):
        await opened(mended, POOL, ANN, 1)
    await mended.load(POOL, database.rows[POOL], await now_of(raw))
    await opened(mended, POOL, ANN, 4)


async def test_a_deleted_pool(engine: HoldEngine, raw: Raw) -> None:
    """The seats of its holds go with it: they have none until their owners reserve again, as far as there are some."""
    mine, other = await opened(engine, POOL, ANN, 3), await opened(engine, POOL, BEN, 5)
    await raw.delete(KEY)
    assert await engine.availability(POOL) is None
    assert (await engine.get(ANN, mine.id)).seats == 0
    with pytest.raises(HoldEmpty):
        await engine.claim(ANN, [mine.id])
    await engine.resize(ANN, {mine.id: 4})
    with pytest.raises(NotEnoughSeats) as refusal:
        await engine.resize(BEN, {other.id: 7})
    assert refusal.value.free == 6
    await engine.resize(BEN, {other.id: 6})
    await engine.release(ANN, [mine.id])
    assert await free_seats(engine, POOL) == 4


async def test_a_wrong_register_ends_with_its_lease(make_engine: MakeEngine, raw: Raw) -> None:
    engine = make_engine(QUICK)
    await opened(engine, POOL, ANN, 6)
    fresh_until = int(await raw.hget(KEY, "fresh_until") or 0)
    async with ends_before(raw, fresh_until):
        await raw.hset(KEY, mapping={"capacity": 6, "free": 0})
        with pytest.raises(NotEnoughSeats):
            await opened(engine, POOL, BEN, 4)
    await wait_until(raw, fresh_until)
    await opened(engine, POOL, BEN, 4)


async def test_a_wiped_redis_loads_on_first_touch(mended: HoldEngine, raw: Raw) -> None:
    await raw.flushall()
    assert await mended.of_owner("usr_1") == []
    await opened(mended, POOL, ANN, 10)


async def test_a_lost_hold_counts_no_longer_than_its_end(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 10, lifetime=100)
    await raw.delete(f"hold:{{{POOL}}}:{hold.id}")
    await wait_until(raw, hold.closes_at)
    assert await free_seats(engine, POOL) == 10


async def test_a_wrong_sum_where_nobody_but_looks(mended: HoldEngine, raw: Raw) -> None:
    """Looking at a pool past its lease loads it in the background."""
    await raw.hset(KEY, mapping={"free": 0, "fresh_until": await now_of(raw)})
    assert await mended.held([POOL]) == [10]
    await mended.close()
    assert await mended.held([POOL]) == [6]
