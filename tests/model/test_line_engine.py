"""Lines on the real engine: whatever happens, in the order that was promised.

Some join and leave, told to Redis or not, the public takes what it is granted and gives it back, offers lapse, a worker
records some of them and dies, lines are written late, and Redis is wiped. After each step it is checked what was
granted, from what Postgres and the holds say, not from what the engine thinks of its line:
- nobody is offered seats while one waits who joined before and needs no more, or was passed over three times before;
- the public is granted nothing that would fit somebody who waits, or that gathers for one;
- an entry that was told of an offer is offered nothing again, but after a wipe;
- what is free when a worker has ticked fits nobody.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from holds.engine import HoldEngine
from holds.errors import NotEnoughSeats
from holds.models import Line
from holds.runner import ScriptRunner
from service.embedded import EmbeddedRedis
from tests.holds.database import Database
from tests.holds.waitlist import Status, Waitlist
from tests.model.clock import START, Clock, FaultyRunner, run_clocked
from tests.model.mutants import LINE_MUTANTS
from tests.model.scale import EXHAUSTIVE, SCALE

POOL, PUBLIC, CAPACITY, LIFETIME = "evt_1", "usr_public", 6, 60_000
FAR = START + 10_000_000_000
MAX_PASSES = 3
FEW = ("serve the public first", "never gather", "offer what is offered already")

STEPS = st.one_of(
    st.tuples(st.just("join"), st.integers(1, 4)),
    st.tuples(st.just("join"), st.integers(1, 1)),
    st.tuples(st.just("take"), st.integers(1, 3)),
    st.tuples(st.just("take"), st.integers(1, 1)),
    st.tuples(st.just("give back"), st.integers(0, 9)),
    st.tuples(st.just("give back"), st.integers(0, 9)),
    st.tuples(st.just("tick"), st.just(0)),
    st.tuples(st.just("work"), st.integers(0, 1)),
    st.tuples(st.just("read a line"), st.just(0)),
    st.tuples(st.just("write a line"), st.integers(0, 2)),
    st.tuples(st.just("lapse"), st.integers(0, 1)),
    st.tuples(st.just("die"), st.just(0)),
    st.tuples(st.sampled_from(["leave", "join untold", "lose an offer", "wipe"]), st.integers(0, 9)),
)
CROWDS = st.sampled_from([[], [("join", seats) for seats in (4, 1, 1, 1, 1)]])
"""Who waits at first."""
RUNS = settings(
    max_examples=150 * SCALE,
    deadline=None,
    print_blob=True,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class World:
    """A pool that is full of the public's holds at first, its line, and what was granted so far."""

    def __init__(self, runner: ScriptRunner, clock: Clock) -> None:
        self.clock, self.raw = clock, runner
        self.database = Database()
        self.database.add(POOL, CAPACITY, sales_end=FAR)
        self.waitlist = Waitlist(self.database, POOL)
        self.engine = HoldEngine(FaultyRunner(runner, clock), self.database.load, read_line=self.waitlist.read)
        self.public: list[str] = []
        self.opened = 0
        self.lines: list[Line] = []
        self.untold: set[str] = set()
        self.told: set[str] = set()
        self.offered: set[str] = set()
        """Whose offer stands or stood, as Redis says; a wipe forgets it."""
        self.ends: dict[str, int] = {}
        """Of the offers that are not acknowledged."""
        self.passes: dict[str, int] = {}

    async def start(self) -> None:
        for _ in range(CAPACITY):
            await self.take(1)

    async def step(self, what: str, number: int) -> None:
        await getattr(self, what.replace(" ", "_"))(number)
        await self.engine.close()

    async def join(self, seats: int) -> None:
        await self.join_untold(seats)
        await self.engine.write(POOL, self.waitlist.row)
        self.untold.clear()

    async def join_untold(self, seats: int) -> None:
        name = f"w{len(self.waitlist.entries)}"
        self.waitlist.join(name, seats % 4 or 4, lifetime=LIFETIME)
        self.untold.add(name)
        self.passes[name] = 0

    async def leave(self, number: int) -> None:
        if names := self.waiting():
            await self.engine.write(POOL, self.waitlist.set_status([names[number % len(names)]], Status.LEFT))
            self.untold.clear()

    async def take(self, seats: int) -> None:
        """The public asks for seats."""
        hold_id, self.opened = f"tkt_public_{self.opened}", self.opened + 1
        reads, at_once = self.waitlist.reads, seats if self.opened % 2 else 0
        granted = True
        try:
            await self.engine.open(POOL, PUBLIC, {hold_id: at_once}, lifetime=10 * LIFETIME, owner_limit=100)
            await self.engine.resize(PUBLIC, {hold_id: seats})
        except NotEnoughSeats:
            granted = False
        await self.look(reads)
        if granted:
            left = await self.free() + seats
            for name in self.unserved():
                assert len(self.waitlist.entries[name].hold_ids) > left, f"{name} fits {left}"
                assert self.passes[name] < MAX_PASSES, f"seats gather for {name}"
            self.public.append(hold_id)

    async def give_back(self, number: int) -> None:
        if self.public:
            await self.engine.release(PUBLIC, [self.public.pop(number % len(self.public))])

    async def tick(self, _: int) -> None:
        reads = self.waitlist.reads
        await self.engine.tick(POOL)
        await self.look(reads)
        left = await self.free()
        gathering = False
        for name in self.unserved():
            assert gathering or len(self.waitlist.entries[name].hold_ids) > left, f"{name} fits {left}"
            gathering = gathering or self.passes[name] >= MAX_PASSES

    async def work(self, number: int, *, dies: bool = False) -> None:
        """A worker records offers and acknowledges them."""
        await self.tick(number)
        offers = await self.engine.tick(POOL)
        told, row = self.waitlist.record(offers)
        assert not self.told & set(told), "told twice"
        self.told |= set(told)
        self.passes |= {name: max(self.passes[name], entry.passed) for name, entry in self.waitlist.entries.items()}
        if not dies:
            self.untold.clear()
            for offer in offers:
                if self.waitlist.statuses[offer.entry] is Status.LEFT:
                    await self.engine.release(offer.owner, offer.hold_ids)
            if number:  # the news of the change come before, and the line with them
                await self.engine.write(POOL, row)
                await self.tick(number)
            await self.engine.acknowledge(POOL, [offer.entry for offer in offers], row)
            self.offered -= {offer.entry for offer in offers} - self.told

    async def die(self, number: int) -> None:
        await self.work(number, dies=True)

    async def read_a_line(self, _: int) -> None:
        self.lines.append(self.waitlist.line)

    async def write_a_line(self, number: int) -> None:
        if self.lines:
            line = self.lines[number % len(self.lines)]
            await self.engine.load_line(POOL, line)

    async def lapse(self, number: int) -> None:
        """Either all offers, or the pool's lease alone."""
        self.clock.move(self.clock.now + (LIFETIME if number % 2 else 10_000))
        if not await self.raw.command("EXISTS", f"pool:{{{POOL}}}"):
            await self.wipe(0)  # nobody touched the pool for long

    async def lose_an_offer(self, _: int) -> None:
        """It lapses before anybody is told."""
        await self.give_back(0)
        await self.tick(0)
        await self.lapse(1)
        await self.work(1)

    async def wipe(self, number: int) -> None:
        if number == 0:
            self.clock.wipe()
            for known in (self.public, self.offered, self.told, self.lines):
                known.clear()
            self.passes = {name: entry.passed for name, entry in self.waitlist.entries.items()}

    def waiting(self) -> list[str]:
        return [name for name, status in self.waitlist.statuses.items() if status is Status.WAITING]

    def unserved(self) -> list[str]:
        """Those who wait as far as Redis can know, in order of joining."""
        return [name for name in self.waiting() if name not in self.offered | self.untold]

    async def free(self) -> int:
        known = await self.engine.availability(POOL)
        assert known is not None
        return known.capacity - known.sold - known.held

    async def look(self, reads: int) -> None:
        """Whom seats were offered to by the last call, in what order, and whom that passed over."""
        if self.waitlist.reads != reads:
            self.untold.clear()
        found: Sequence[bytes] = await self.raw.command("ZRANGE", f"pool:{{{POOL}}}:offers", 0, -1, "WITHSCORES")
        ends = {name.decode(): int(end) for name, end in zip(found[::2], found[1::2], strict=True)}
        for name in ends.keys() & self.ends.keys() & self.offered:
            assert ends[name] == self.ends[name], f"{name} is offered seats again, and nobody knows of the first ones"
        self.ends = ends
        new = sorted(ends.keys() - self.offered, key=lambda name: int(name[1:]))
        for name in new:
            assert name not in self.told, f"{name} is offered seats again"
            assert self.waitlist.statuses[name] is Status.WAITING, f"{name} does not wait"
        for name in new:
            seats = len(self.waitlist.entries[name].hold_ids)
            for other in self.unserved():
                if other not in new and int(other[1:]) < int(name[1:]):
                    assert len(self.waitlist.entries[other].hold_ids) > seats, f"{name} overtakes {other}"
                    assert self.passes[other] < MAX_PASSES, f"{name} passes {other} over once too often"
                    self.passes[other] += 1
        self.offered |= set(new)


def drive(url: str, clock: Clock, runs: settings) -> None:
    with asyncio.Runner() as loop:

        @runs
        @given(CROWDS, st.lists(STEPS, min_size=10, max_size=60))
        def play(crowd: list[tuple[str, int]], steps: list[tuple[str, int]]) -> None:
            clock.restart()
            loop.run(_play(url, clock, crowd + steps))

        play()


async def _play(url: str, clock: Clock, steps: Sequence[tuple[str, int]]) -> None:
    async with AsyncExitStack() as exits:
        world = World(await exits.enter_async_context(ScriptRunner.open(url)), clock)
        await world.start()
        for what, number in steps:
            await world.step(what, number)


def test_who_waits_is_served_as_promised(
    redis_server: EmbeddedRedis, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_clocked(monkeypatch, tmp_path)
    drive(redis_server.url, clock, RUNS)


@pytest.mark.parametrize("mutant", LINE_MUTANTS if EXHAUSTIVE else FEW)
def test_a_missing_guard_is_found(
    redis_server: EmbeddedRedis, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutant: str
) -> None:
    run_clocked(monkeypatch, tmp_path, [LINE_MUTANTS[mutant]])
    with pytest.raises(AssertionError):
        drive(redis_server.url, clock, settings(RUNS, max_examples=500, print_blob=False, phases=[Phase.generate]))
