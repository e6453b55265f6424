"""Concurrent clients over several connections see one pool as if their calls ran one after the other.

Every round is a short history of a few clients on the same holds of a small pool, drawn from a seed that a failure
names. `HOLDFAST_MODEL_SCALE` multiplies the rounds. The same rounds catch a check that is not in one script with what
it allows, and a script that checks against stale sums.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from random import Random
from typing import Any

import pytest

from holds.engine import SCRIPTS, HoldEngine
from holds.errors import HoldClaimed, HoldError, HoldExpired, HoldNotFound, NotEnoughSeats
from holds.models import Claim, Hold
from holds.scripts import Script
from tests.holds.database import Database, Oversold
from tests.model.conftest import ANN, MINUTE, POOL, NewWorker, Raw
from tests.model.linearizability import Call, linearization
from tests.model.one_pool import PoolState, after
from tests.model.scale import SCALE

CAPACITY = 4
CLIENTS = 5
CALLS = 7
ROUNDS = 300


class History:
    """Calls of concurrent clients, in the order in which they were asked and answered."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._numbers = count()

    async def record(self, name: str, arguments: tuple[Any, ...], work: Awaitable[Any]) -> Any:
        """Do the work; its answer, refusals in words."""
        asked_at = next(self._numbers)
        try:
            answer = _in_words(await work)
        except HoldError as refusal:
            answer = _refusal(refusal)
        self.calls.append(Call(name, arguments, answer, asked_at, next(self._numbers)))
        return answer


def _in_words(result: Any) -> Any:
    if isinstance(result, Claim):
        return ("claim", result.holds[0].seats, result.token)
    return result if isinstance(result, tuple) and not isinstance(result[0], Hold) else "done"


def _refusal(refusal: HoldError) -> Any:
    match refusal:
        case NotEnoughSeats():
            return ("not enough", refusal.free)
        case HoldClaimed():
            return "claimed"
        case HoldExpired() | HoldNotFound():
            return "gone"
    raise refusal


class Client:
    """Calls what chance says, on holds that all clients know of."""

    def __init__(
        self, engine: HoldEngine, database: Database, history: History, known: list[str], random: Random
    ) -> None:
        self.engine, self.database, self.history, self.known, self.random = engine, database, history, known, random

    async def run(self, calls: int) -> None:
        for _ in range(calls):
            for _ in range(self.random.randrange(4)):
                await asyncio.sleep(0)
            step = self.random.choice([self.open, self.resize, self.resize, self.sell, self.release, self.look])
            await step()

    async def open(self) -> None:
        hold_id, seats = f"bkg_{self.random.getrandbits(40)}", self.random.randrange(3)
        opening = self.engine.open(POOL, ANN, {hold_id: seats}, lifetime=MINUTE, owner_limit=1_000)
        if await self.history.record("open", (hold_id, seats), opening) == "done":
            self.known.append(hold_id)

    async def resize(self) -> None:
        hold_id, seats = self.random.choice(self.known), self.random.randrange(CAPACITY)
        await self.history.record("resize", (hold_id, seats), self.engine.resize(ANN, {hold_id: seats}))

    async def sell(self) -> None:
        hold_id = self.random.choice(self.known)
        found: list[Claim] = []

        async def claim() -> Claim:
            found.append(await self.engine.claim(ANN, [hold_id], minimum=0))
            return found[0]

        await self.history.record("claim", (hold_id,), claim())
        if found:
            await self._settle(hold_id, found[0])

    async def _settle(self, hold_id: str, claim: Claim) -> None:
        try:
            if self.random.random() < 0.3:
                raise Oversold
            row = self.database.sell(POOL, claim.holds[0].seats)
        except Oversold:
            await self.history.record("unclaim", (hold_id, claim.token), self.engine.unclaim(claim))
        else:
            settling = self.engine.settle(POOL, [claim], row)
            await self.history.record("settle", (hold_id, row.version, row.sold), settling)

    async def release(self) -> None:
        hold_id = self.random.choice(self.known)
        await self.history.record("release", (hold_id,), self.engine.release(ANN, [hold_id]))

    async def look(self) -> None:
        async def sums() -> tuple[int, int]:
            known = await self.engine.availability(POOL)
            assert known is not None
            return (known.sold, known.held)

        await self.history.record("look", (), sums())


async def one_round(engines: list[HoldEngine], database: Database, raw: Raw, seed: int) -> list[Call]:
    """The history of a fresh pool with two holds of no seats."""
    await raw.flushall()
    database.add(POOL, CAPACITY)
    random, history, known = Random(seed), History(), [f"bkg_{seed}_1", f"bkg_{seed}_2"]  # noqa: S311
    for hold_id in known:
        opening = engines[0].open(POOL, ANN, {hold_id: 0}, lifetime=MINUTE, owner_limit=1_000)
        await history.record("open", (hold_id, 0), opening)
    clients = [Client(engines[i % len(engines)], database, history, known, random) for i in range(CLIENTS)]
    await asyncio.gather(*(client.run(CALLS) for client in clients))
    return history.calls


async def first_unexplained(
    make: Callable[[], Awaitable[HoldEngine]], database: Database, raw: Raw, rounds: int
) -> int | None:
    """The seed of the first history that no order explains."""
    engines = [await make() for _ in range(3)]
    for seed in range(rounds):
        calls = await one_round(engines, database, raw, seed)
        if linearization(calls, PoolState(CAPACITY), after) is None:
            return seed
    return None


async def test_concurrent_calls_look_like_one_after_the_other(
    new_worker: NewWorker, database: Database, raw: Raw
) -> None:
    assert await first_unexplained(new_worker, database, raw, ROUNDS * SCALE) is None


class CheckingFirst(HoldEngine):
    """Looks how many seats are free, then takes them: the race that one script per operation is there to prevent."""

    async def resize(self, owner: str, seats: Mapping[str, int]) -> tuple[Hold, ...]:
        ((hold_id, count),) = seats.items()
        hold, known = await self.get(owner, hold_id), await self.availability(POOL)
        if known and count - hold.seats > max(0, known.capacity - known.sold - known.held):
            raise NotEnoughSeats(max(0, known.capacity - known.sold - known.held))
        return await super().resize(owner, seats)


def changed(name: str, old: str, new: str) -> Script:
    source = SCRIPTS[name].source
    assert old in source
    return Script.of(name, source.replace(old, new))


async def test_a_check_before_the_script_is_caught(
    new_worker: NewWorker, database: Database, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SCRIPTS, "resize", changed("resize", "if growth > public then", "if false then"))

    async def checking_first() -> HoldEngine:
        engine = await new_worker()
        return CheckingFirst(engine._runner, database.load)

    assert await first_unexplained(checking_first, database, raw, ROUNDS) is not None


async def test_a_check_against_stale_sums_is_caught(
    new_worker: NewWorker, database: Database, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = changed("resize", "redis.call('HSET', pool, 'free', free, ", "redis.call('HSET', pool, ")
    monkeypatch.setitem(SCRIPTS, "resize", stale)
    assert await first_unexplained(new_worker, database, raw, ROUNDS) is not None


class TestTheChecker:
    """Histories whose answer is known."""

    START = PoolState(capacity=2, holds=())

    @staticmethod
    def history(*calls: tuple[str, tuple[Any, ...], Any, int, int]) -> list[Call]:
        return [Call(*call) for call in calls]

    def test_finds_the_order_of_calls_that_overlap(self) -> None:
        calls = self.history(
            ("look", (), (0, 2), 0, 3), ("open", ("a", 2), "done", 1, 4), ("open", ("b", 1), ("not enough", 0), 2, 5)
        )
        order = linearization(calls, self.START, after)
        assert order is not None
        assert [call.name for call in order] in (["open", "look", "open"], ["open", "open", "look"])

    def test_respects_real_time(self) -> None:
        calls = self.history(("look", (), (0, 2), 0, 1), ("open", ("a", 2), "done", 2, 3))
        assert linearization(calls, self.START, after) is None

    def test_refuses_two_winners_of_the_same_seats(self) -> None:
        calls = self.history(("open", ("a", 2), "done", 0, 2), ("open", ("b", 1), "done", 1, 3))
        assert linearization(calls, self.START, after) is None
