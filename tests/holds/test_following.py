"""Following a pool: what changes is told once, in order, and by the scripts themselves."""

import asyncio
import random
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest

from holds import following, keys
from holds.engine import HoldEngine
from holds.errors import HoldError, PoolNotFound
from holds.following import Change
from tests.holds.conftest import ANN, BEN, POOL, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import MINUTE, opened, sold

STREAM = keys.changes(POOL)
Counts = tuple[int, int, int]


class Follower:
    """Follows the pool as a worker does, and keeps what it was told."""

    def __init__(self, engine: HoldEngine) -> None:
        self._engine = engine
        self.told: list[Change] = []
        self.beginnings = 0

    async def ask(self) -> list[Counts]:
        """What is new: free, sold and held after each change."""
        news = await self._engine.follow(POOL, self.told[-1].id if self.told else None)
        self.beginnings += not news.joined
        self.told += news.changes
        return [counts(change) for change in news.changes]

    async def until(self, done: asyncio.Event) -> None:
        while not done.is_set():
            await self.ask()
            await asyncio.sleep(0.005)
        await self.ask()


def counts(change: Change) -> Counts:
    return change.free, change.sold, change.held


def moment(change: Change) -> tuple[int, int]:
    ms, _, number = change.id.partition("-")
    return int(ms), int(number)


@pytest.fixture
async def follower(engine: HoldEngine, raw: Raw) -> Follower:
    """Has been told that all ten seats are free."""
    follower = Follower(engine)
    assert await follower.ask() == [(10, 0, 0)]
    return follower


async def test_every_operation_writes_its_change_down(
    follower: Follower, engine: HoldEngine, database: Database, raw: Raw
) -> None:
    """Each `note_change` was taken out in turn, and this test, one of the next ones, or one of lines failed."""

    async def written() -> list[Counts]:
        """What the scripts have written since this was called last."""
        stream: Any = await raw.xrange(STREAM)
        changes = [told for _, told in stream[1:]]
        entries = [(int(told["free"]), int(told["sold"]), int(told["held"])) for told in changes]
        new, seen[:] = entries[len(seen) :], entries
        return new

    seen: list[Counts] = []
    assert await written() == [(10, 0, 0)]
    hold = await opened(engine, POOL, ANN, 2)
    assert await written() == [(8, 0, 2)]
    for seats in (5, 5, 4):
        (hold,) = await engine.resize(ANN, {hold.id: seats})
    assert await written() == [(5, 0, 5), (6, 0, 4)]
    await engine.unclaim(await engine.claim(ANN, [hold.id]))
    assert await written() == []
    await sold(engine, database, hold)
    assert await written() == [(6, 4, 0)]
    other = await opened(engine, POOL, BEN, 1)
    await engine.release(BEN, [other.id])
    assert await written() == [(5, 4, 1), (6, 4, 0)]
    await engine.write(POOL, database.change(POOL, capacity=20))
    assert await written() == [(16, 4, 0)]
    await engine.load(POOL, database.change(POOL, sold=3), 1)
    assert await written() == [(17, 3, 0)]
    await opened(engine, POOL, BEN, 1)
    await engine.drop(POOL, database.change(POOL, capacity=0, sold=0).version)
    assert await written() == [(16, 3, 1), (0, 0, 0)]
    assert await follower.ask() == seen[1:]
    assert await written() == []
    assert follower.beginnings == 1


async def test_what_lapses_is_told_though_nobody_else_asks(follower: Follower, engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 3, lifetime=60)
    async with ends_before(raw, hold.closes_at):
        await opened(engine, POOL, ANN, 1)
        assert await follower.ask() == [(7, 0, 3), (6, 0, 4)]
    await wait_until(raw, hold.closes_at)
    assert await follower.ask() == [(9, 0, 1)]


async def test_what_is_reaped_on_the_way_is_written_down(follower: Follower, engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 3, lifetime=60)
    await wait_until(raw, hold.closes_at)
    await opened(engine, POOL, BEN, 1)
    assert await follower.ask() == [(7, 0, 3), (10, 0, 0), (9, 0, 1)]


async def test_unclaiming_a_hold_whose_end_has_passed(follower: Follower, engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 3, lifetime=60)
    async with ends_before(raw, hold.closes_at):
        claim = await engine.claim(ANN, [hold.id])
    await wait_until(raw, hold.closes_at)
    await engine.unclaim(claim)
    assert (await follower.ask())[-1] == (10, 0, 0)


async def test_nothing_is_written_where_nobody_follows(engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN, 2)
    await engine.resize(ANN, {hold.id: 3})
    await sold(engine, database, hold)
    assert await raw.exists(STREAM) == 0


async def test_nothing_is_written_once_nobody_asks_any_more(
    engine: HoldEngine, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever asks again is not told that nothing happened. Without `follow.lua`'s XTRIM the last lines fail."""
    monkeypatch.setattr(following, "WATCH", 400)
    follower = Follower(engine)
    await follower.ask()
    length = await raw.xlen(STREAM)
    assert 400 < await raw.pexpiretime(STREAM) - await now_of(raw) <= 800
    await wait_until(raw, int(await raw.hget(keys.pool(POOL), "watched_until") or 0))
    hold = await opened(engine, POOL, ANN, 2)
    assert await raw.xlen(STREAM) in (0, length)
    assert await follower.ask() == [(8, 0, 2)]
    assert follower.beginnings == 2
    async with ends_before(raw, int(await raw.hget(keys.pool(POOL), "watched_until") or 0)):
        await engine.resize(ANN, {hold.id: 3})
        assert await follower.ask() == [(7, 0, 3)]
    assert follower.beginnings == 2


@pytest.mark.parametrize("lost", [[STREAM], [keys.pool(POOL)], [STREAM, keys.pool(POOL)]], ids=len)
async def test_keys_that_were_deleted(follower: Follower, engine: HoldEngine, raw: Raw, lost: list[str]) -> None:
    for key in lost:
        await raw.delete(key)
    await wait_until(raw, moment(follower.told[-1])[0] + 1)  # in the same millisecond a new stream has the same ids
    assert await follower.ask() == [(10, 0, 0)]
    assert follower.beginnings == 2
    await opened(engine, POOL, ANN, 1)
    assert await follower.ask() == [(9, 0, 1)]


async def test_a_wiped_server(follower: Follower, engine: HoldEngine, raw: Raw) -> None:
    await opened(engine, POOL, ANN, 4)
    await raw.flushall()
    assert (await follower.ask())[-1] == (10, 0, 0)
    assert follower.beginnings == 2


async def test_a_change_that_no_script_wrote_down(follower: Follower, raw: Raw) -> None:
    """Such as a worker's of a version before this one: counts are right again when somebody asks."""
    await raw.hset(keys.pool(POOL), mapping={"sold": 2, "free": 8})
    assert await follower.ask() == [(8, 2, 0)]
    assert await follower.ask() == []


async def test_the_stream_is_bounded_and_ends_by_itself(follower: Follower, engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, POOL, ANN)
    first = follower.told[-1].id
    for _ in range(15):
        await asyncio.gather(*(engine.resize(ANN, {hold.id: count % 10}) for count in range(100)))
    assert 1_000 <= await raw.xlen(STREAM) < 1_200
    assert 0 < await raw.pttl(STREAM) <= 2 * following.WATCH
    news = await engine.follow(POOL, first)
    assert not news.joined
    assert len(news.changes) < 1_200
    assert counts(news.changes[-1]) == (1, 0, 9)


async def test_an_id_that_never_was(follower: Follower, engine: HoldEngine) -> None:
    await opened(engine, POOL, ANN, 1)
    for unknown in ("1-1", "9999999999999-0"):
        news = await engine.follow(POOL, unknown)
        assert not news.joined
        assert [counts(change) for change in news.changes] == [(10, 0, 0), (9, 0, 1)]


async def test_a_pool_that_is_not_there(engine: HoldEngine) -> None:
    with pytest.raises(PoolNotFound):
        await engine.follow("ses_404", None)


async def test_holds_of_many_are_told_in_bounded_steps(follower: Follower, engine: HoldEngine, raw: Raw) -> None:
    """More lapse at once than one call reaps."""
    await asyncio.gather(*(opened(engine, POOL, ANN, 0, lifetime=150) for _ in range(450)))
    hold = await opened(engine, POOL, ANN, 2, lifetime=150)
    async with ends_before(raw, hold.closes_at):
        await follower.ask()
    await wait_until(raw, hold.closes_at)
    assert await follower.ask() == [(10, 0, 0)]
    assert await raw.zcard(keys.holds(POOL)) == 0


async def test_random_operations_of_several_clients(
    make_engine: MakeEngine,
    database: Database,
    raw: Raw,
) -> None:
    """Every follower is told the same, once and in order, and ends where Redis is."""
    choices = random.Random(7)  # noqa: S311  # no secret
    workers = [make_engine() for _ in range(3)]
    followers = [Follower(make_engine()) for _ in range(3)]
    for follower in followers:
        await follower.ask()
    done = asyncio.Event()
    following_all = [asyncio.create_task(follower.until(done)) for follower in followers]
    await asyncio.gather(*(play(engine, f"usr_{n}", database, choices) for n, engine in enumerate(workers)))
    await asyncio.sleep(0.05)  # until what is left of the short holds has lapsed
    done.set()
    await asyncio.gather(*following_all)

    known = await workers[0].availability(POOL)
    assert known is not None
    first = followers[0].told
    assert len(first) > 100
    assert counts(first[-1]) == (known.capacity - known.sold - known.held, known.sold, known.held)
    for follower in followers:
        assert follower.beginnings == 1
        assert follower.told[-len(first) + 1 :] == first[1:]
    assert all(moment(before) < moment(after) for before, after in pairwise(first))
    assert all(change.capacity == 10 and change.free >= 0 for change in first)


async def play(engine: HoldEngine, owner: str, database: Database, choices: random.Random) -> None:
    for _ in range(100):
        with suppress(HoldError):
            await choices.choice(STEPS)(engine, owner, database, choices)
        await asyncio.sleep(0.001)  # also after a refusal, so that holds have lapsed by the next step


async def lapse(engine: HoldEngine, owner: str, database: Database, choices: random.Random) -> None:
    await opened(engine, POOL, owner, choices.randint(1, 3), lifetime=choices.randint(1, 30))


async def sell(engine: HoldEngine, owner: str, database: Database, choices: random.Random) -> None:
    if database.rows[POOL].sold < 5:
        await sold(engine, database, await opened(engine, POOL, owner, 1))
    else:
        await engine.write(POOL, database.change(POOL, sold=0))


async def change_and_release(engine: HoldEngine, owner: str, database: Database, choices: random.Random) -> None:
    hold = await opened(engine, POOL, owner, 1, lifetime=MINUTE)
    with suppress(HoldError):
        await engine.resize(owner, {hold.id: choices.randint(0, 6)})
    await engine.release(owner, [hold.id])


STEPS = (lapse, sell, change_and_release)
