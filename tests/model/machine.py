"""The state machine that drives the engine beside its model; `test_engine_model.py` says what it checks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from holds import keys
from holds.codes import Code
from holds.engine import SCRIPTS, HoldEngine
from holds.errors import HoldError, HoldExpired, HoldNotFound, StoreUnavailable, TooManyHolds
from holds.models import Availability, Claim, Hold, Inventory, Timing
from holds.runner import ScriptRunner
from tests.model.clock import START, Clock, FaultyRunner
from tests.model.pool import Pool
from tests.model.sales import Phase, Sale, Sold

POOLS = ("ses_1", "ses_2")
OWNERS = ("usr_1", "usr_2", "usr_3")
CAPACITY = 4
OWNER_LIMIT = 6
MANY = 8
PENDING_READS = FEW = 3
SELDOM = 8
"""After how many holds something drastic may happen."""
LIFETIMES = (60_000, 20_000, 4_000, 1)
FAR = START + 10_000_000_000

Result = TypeVar("Result")
Read = tuple[str, Inventory, int | None]
"""A pool, its row, and when the read began; None: the row is news of a change."""
Data = st.DataObject
OFFSETS = st.sampled_from([-1, 0, 1])
LOST = st.sampled_from([None, None, None, None, "request", "reply"])


class EngineMachine(RuleBasedStateMachine):
    """Two workers, two pools, two owners, and everything that may happen to them."""

    def __init__(self, url: str, clock: Clock, loop: asyncio.Runner, timing: Timing) -> None:
        super().__init__()
        self.clock, self.loop, self.timing = clock, loop, timing
        clock.restart()
        self.exits = AsyncExitStack()
        self.pools = {name: Pool(name, timing) for name in POOLS}
        self.sold = {name: Sold(name, Inventory(CAPACITY, 0, FAR, 1), timing) for name in POOLS}
        self.sales: list[Sale] = []
        self.reads: list[Read] = []
        self.references: dict[str, tuple[str, str, int]] = {}
        self.entries: dict[str, dict[str, int]] = {owner: {} for owner in OWNERS}
        self.opened = 1
        self.wiped_at: int | None = None
        self.opened_at_disaster = 0
        self.drops = 0
        self.workers = loop.run(self._start(url))

    async def _start(self, url: str) -> list[tuple[HoldEngine, FaultyRunner]]:
        workers = []
        for _ in range(2):
            runner = FaultyRunner(await self.exits.enter_async_context(ScriptRunner.open(url)), self.clock)
            workers.append((HoldEngine(runner, self._load_row, self.timing), runner))
        return workers

    async def _load_row(self, pool: str) -> Inventory | None:
        sold = self.sold.get(pool)
        return sold.row if sold else None

    def teardown(self) -> None:
        self.loop.run(self.exits.aclose())

    # Customers

    @initialize(data=st.data(), owners=st.lists(st.sampled_from(OWNERS), min_size=2, max_size=6))
    def open_some(self, data: Data, owners: list[str]) -> None:
        for number, owner in enumerate(owners):
            self._open(data, POOLS[number % 3 // 2], owner, None)

    @precondition(lambda self: len(self._live()) < MANY)
    @rule(data=st.data(), pool=st.sampled_from(POOLS), owner=st.sampled_from(OWNERS), lost=LOST)
    def open(self, data: Data, pool: str, owner: str, lost: str | None) -> None:
        self._open(data, pool, owner, lost)

    def _open(
        self, data: Data, pool: str, owner: str, lost: str | None, *, counts: Sequence[int] | None = None
    ) -> None:
        counts = counts or data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=2), label="seats")
        seats = {f"bkg_{number}": count for number, count in enumerate(counts, self.opened)}
        self.opened += len(seats)
        lifetime = data.draw(st.sampled_from(LIFETIMES))
        script = data.draw(st.sampled_from(["admit", "open"])) if lost else ""
        if script == "open" and not self.pools[pool].is_fresh(self.now):
            lost = None  # the script would be called twice
        engine = self._worker(data, script, lost)
        happened, found = self._do(
            engine.open(pool, owner, seats, lifetime=lifetime, owner_limit=OWNER_LIMIT),
            lambda: self._opened(pool, owner, seats, lifetime, script, lost),
            lost,
            knows_of_loss=True,
        )
        if happened:
            self._granted(pool, found, seats, grew=any(seats.values()))

    def _opened(
        self, pool: str, owner: str, seats: Mapping[str, int], lifetime: int, script: str, lost: str | None
    ) -> None:
        if script == "admit" and lost == "request":
            return
        entries = self.entries[owner]
        if sum(end > self.now for end in entries.values()) + len(seats) > OWNER_LIMIT:
            raise TooManyHolds
        entries |= dict.fromkeys(seats, self.now + lifetime)
        if script == "admit" and lost:
            return
        until = self.now + lifetime + self.timing.memory
        self.references |= dict.fromkeys(seats, (pool, owner, until))
        if lost == "request":
            return
        try:
            self.pools[pool].open(self.now, self.sold[pool].row, owner, seats, lifetime)
        except HoldError:
            if not lost:
                self._forget(owner, seats)
            raise

    @precondition(lambda self: self._live())
    @rule(data=st.data(), lost=LOST)
    def resize(self, data: Data, lost: str | None) -> None:
        self._resize(data, *self._some_holds(data), lost)

    def _resize(self, data: Data, pool: str, owner: str, hold_ids: Sequence[str], lost: str | None) -> None:
        seats = {hold_id: data.draw(st.integers(0, CAPACITY), label="seats") for hold_id in hold_ids}
        if not self.pools[pool].is_fresh(self.now):
            lost = None
        engine = self._worker(data, "resize", lost)
        before = self.pools[pool].held
        happened, found = self._do(
            engine.resize(owner, seats),
            lambda: self._of_owner(
                pool, owner, hold_ids, lambda: self.pools[pool].resize(self.now, self.sold[pool].row, owner, seats)
            ),
            lost,
        )
        if happened:
            self._granted(pool, found, seats, grew=self.pools[pool].held > before)

    @precondition(lambda self: self._live())
    @rule(data=st.data(), cancels=st.booleans(), lost=LOST)
    def claim(self, data: Data, cancels: bool, lost: str | None) -> None:
        self._claim(data, *self._some_holds(data), cancels, lost)

    @precondition(lambda self: self._live())
    @rule(data=st.data(), offset=OFFSETS, what=st.sampled_from(["open", "resize", "claim", "release", "unclaim"]))
    def touch_what_ends(self, data: Data, offset: int, what: str) -> None:
        """Right before, at or after a hold's end, do something with it; `open`: somebody else wants its seats."""
        pool, owner, hold_id = data.draw(st.sampled_from(self._live()))
        hold = self.pools[pool].holds[hold_id]
        sales = [sale for sale in self._in_phase(Phase.REFUSED) if sale.claim.holds[0].id == hold_id]
        self._move(max(self.now, hold.ends_at + offset))
        if what == "open":
            self._open(data, pool, OWNERS[OWNERS.index(owner) - 1], None, counts=[hold.seats or 1])
        elif what == "resize":
            self._resize(data, pool, owner, [hold_id], None)
        elif what == "claim":
            self._claim(data, pool, owner, [hold_id], cancels=False, lost=None)
        elif what == "release":
            self._release(data, pool, owner, [hold_id], None)
        elif sales:
            self._unclaim(data, sales[-1], None)

    @precondition(lambda self: self._live())
    @rule(data=st.data())
    def sell_as_late_as_may_be(self, data: Data) -> None:
        """A load reads right before a sale commits at its deadline; nobody settles; when the claim has lapsed, the load
        is written, and somebody takes all that Redis says is free.
        """
        pool, owner, hold_id = data.draw(st.sampled_from(self._live()))
        if not self._claim(data, pool, owner, [hold_id], cancels=False, lost=None):
            return
        self._move(self.now + self.timing.sale)
        read = (pool, self.sold[pool].row, self.now)
        self._commit([self.sales[-1]])
        self._move(self.pools[pool].holds[hold_id].ends_at)
        self._write(data, read, None)
        known = self.pools[pool].availability(self.now)
        if known and (free := known.capacity - known.sold - known.held) > 0:
            self._open(data, pool, OWNERS[OWNERS.index(owner) - 1], None, counts=[free])

    @precondition(lambda self: self._live())
    @rule(data=st.data(), offset=OFFSETS)
    def decide_at_the_leases_end(self, data: Data, offset: int) -> None:
        pool, owner, hold_id = data.draw(st.sampled_from(self._live()))
        register = self.pools[pool].register
        if register:
            self._move(max(self.now, register.fresh_until + offset))
            self._resize(data, pool, owner, [hold_id], None)

    @precondition(lambda self: self._claimed())
    @rule(data=st.data(), offset=OFFSETS, then=st.sampled_from(["commit", "fail", "wait"]))
    def take_over(self, data: Data, offset: int, then: str) -> None:
        """Right before, at or after the moment when the claim's sale can no longer commit."""
        pool, owner, hold_id = data.draw(st.sampled_from(self._claimed()))
        claim = self.pools[pool].holds[hold_id].claim
        assert claim is not None
        self._move(max(self.now, claim.claimed_at + self.timing.sale + offset))
        if self._claim(data, pool, owner, [hold_id], cancels=False, lost=None):
            if then == "commit":
                self._commit([self.sales[-1]])
            elif then == "fail":
                self.sales[-1].phase = Phase.REFUSED
                self._unclaim(data, self.sales[-1], None)

    @precondition(lambda self: self._live())
    @rule(data=st.data(), cancels=st.sampled_from([False, False, True]), goes_on=st.integers(0, 2))
    def claim_a_live_hold(self, data: Data, cancels: bool, goes_on: int) -> None:
        """And, `goes_on` being 1 or 2, commit the sale at once, and settle it."""
        pool, owner, hold_id = data.draw(st.sampled_from(self._live()))
        if self._claim(data, pool, owner, [hold_id], cancels, None) and goes_on:
            self._commit([self.sales[-1]])
            if goes_on == 2 and self.sales[-1].phase is Phase.COMMITTED:
                self._settle(data, self.sales[-1], None)

    def _claim(
        self, data: Data, pool: str, owner: str, hold_ids: Sequence[str], cancels: bool, lost: str | None
    ) -> bool:
        engine = self._worker(data, "claim", lost)
        minimum = 0 if cancels else 1
        token = "unknown"  # noqa: S105
        happened, found = self._do(
            engine.claim(owner, hold_ids, minimum=minimum),
            lambda: self._of_owner(
                pool, owner, hold_ids, lambda: self.pools[pool].claim(self.now, owner, hold_ids, token, minimum)
            ),
            lost,
        )
        if happened:
            assert isinstance(found, Claim)
            for hold_id in hold_ids:
                claim = self.pools[pool].holds[hold_id].claim
                assert claim is not None
                claim.token = found.token
            assert (found.pool, found.owner, found.claimed_at) == (pool, owner, self.now)
            self._same_holds(pool, found.holds, hold_ids)
            self.sales.append(Sale(found, cancels))
        return happened

    @precondition(lambda self: len(self._live()) >= FEW)
    @rule(data=st.data(), lost=LOST)
    def release(self, data: Data, lost: str | None) -> None:
        self._release(data, *self._some_holds(data), lost)

    def _release(self, data: Data, pool: str, owner: str, hold_ids: Sequence[str], lost: str | None) -> None:
        happened, _ = self._do(
            self._worker(data, "release", lost).release(owner, hold_ids),
            lambda: self._of_owner(pool, owner, hold_ids, lambda: self.pools[pool].release(owner, hold_ids)),
            lost,
        )
        if happened:
            self._forget(owner, hold_ids)

    # Sales

    @precondition(lambda self: self._committable())
    @rule(data=st.data())
    def commit(self, data: Data) -> None:
        first = data.draw(st.sampled_from(self._committable()))
        sold = self.sold[first.claim.pool]
        group = [first, *(sale for sale in self._committable() if sale is not first and sale.claim.pool == sold.pool)]
        self._commit(group[: data.draw(st.integers(1, len(group)))])

    def _commit(self, group: list[Sale]) -> None:
        sold = self.sold[group[0].claim.pool]
        refused = sold.commit(group)
        if self.wiped_at is None and not sold.lowered:
            assert not refused, "a hold that was granted could not be sold"

    @precondition(lambda self: self._in_phase(Phase.BEGUN))
    @rule(data=st.data())
    def fail(self, data: Data) -> None:
        data.draw(st.sampled_from(self._in_phase(Phase.BEGUN))).phase = Phase.REFUSED

    @precondition(lambda self: self._in_phase(Phase.REFUSED))
    @rule(data=st.data(), lost=LOST)
    def unclaim(self, data: Data, lost: str | None) -> None:
        self._unclaim(data, data.draw(st.sampled_from(self._in_phase(Phase.REFUSED))), lost)

    def _unclaim(self, data: Data, sale: Sale, lost: str | None) -> None:
        sale.told += 1
        claim = sale.claim
        hold_ids = [hold.id for hold in claim.holds]
        self._do(
            self._worker(data, "unclaim", lost).unclaim(claim),
            lambda: self.pools[claim.pool].unclaim(self.now, hold_ids, claim.token),
            lost,
        )

    @precondition(lambda self: self._in_phase(Phase.COMMITTED))
    @rule(data=st.data(), lost=LOST)
    def settle(self, data: Data, lost: str | None) -> None:
        self._settle(data, data.draw(st.sampled_from(self._in_phase(Phase.COMMITTED))), lost)

    def _settle(self, data: Data, sale: Sale, lost: str | None) -> None:
        sale.told += 1
        pool, row, claims = sale.claim.pool, sale.row, [one.claim for one in sale.group]
        assert row is not None
        hold_ids = [hold.id for claim in claims for hold in claim.holds]
        read_at = max(claim.claimed_at for claim in claims)
        self._do(
            self._worker(data, "settle", lost).settle(pool, claims, row),
            lambda: self.pools[pool].settle(self.now, hold_ids, row, read_at),
            lost,
        )
        for claim in claims:
            self._forget(claim.owner, [hold.id for hold in claim.holds])

    # The pool's row, and what workers read of it

    @precondition(lambda self: len(self.reads) < PENDING_READS)
    @rule(data=st.data(), pool=st.sampled_from(POOLS))
    def change_capacity(self, data: Data, pool: str) -> None:
        sold = self.sold[pool]
        if not sold.dropped:
            least = data.draw(st.sampled_from([sold.row.capacity, sold.row.capacity, sold.row.sold]))
            sold.resize(self.now, least + data.draw(st.integers(0, 3), label="more"))
            self.reads.append((pool, sold.row, None))

    @precondition(lambda self: self._sold_bookings())
    @rule(data=st.data())
    def refund(self, data: Data) -> None:
        pool, booking = data.draw(st.sampled_from(self._sold_bookings()))
        self.sold[pool].refund(booking)
        self.reads.append((pool, self.sold[pool].row, None))

    @precondition(lambda self: len(self.reads) < PENDING_READS)
    @rule(pool=st.sampled_from(POOLS))
    def read_slowly(self, pool: str) -> None:
        """A load asks the time and reads; `write` may come much later. Asking and reading are one here: what lies
        between them can only make the read newer than it says.
        """
        self.reads.append((pool, self.sold[pool].row, self.now))

    @precondition(lambda self: self.reads)
    @rule(data=st.data(), lost=LOST, again=st.booleans())
    def write(self, data: Data, lost: str | None, again: bool) -> None:
        place = data.draw(st.integers(0, len(self.reads) - 1))
        read = self.reads[place]
        if not again:
            del self.reads[place]
        self._write(data, read, lost)

    def _write(self, data: Data, read: Read, lost: str | None) -> None:
        pool, row, read_at = read
        if read_at is None:
            writing = self._worker(data, "write", lost).write(pool, row)
            self._do(writing, lambda: self.pools[pool].write(self.now, row, None), lost)
        else:
            loading = self._worker(data, "load", lost).load(pool, row, read_at)
            self._do(loading, lambda: self.pools[pool].load(self.now, row, read_at), lost)

    @precondition(lambda self: self.sold[POOLS[0]].dropped and self.drops < FEW)
    @rule(data=st.data(), lost=LOST)
    def drop(self, data: Data, lost: str | None) -> None:
        self.drops += 1
        pool = POOLS[0]
        version = self.sold[pool].row.version
        removed = {hold_id: hold.owner for hold_id, hold in self.pools[pool].holds.items()}
        happened, _ = self._do(
            self._worker(data, "drop", lost).drop(pool, version),
            lambda: self.pools[pool].drop(self.now, version),
            lost,
        )
        if happened:
            for hold_id, owner in removed.items():
                self.entries[owner].pop(hold_id, None)
        self._move(self.now + 1)

    # The world

    @precondition(lambda self: self.opened >= self.opened_at_disaster + SELDOM)
    @rule(data=st.data(), what=st.sampled_from(["wipe", "restore", "cancel", "end"]))
    def disaster(self, data: Data, what: str) -> None:
        self.opened_at_disaster = self.opened
        if what == "wipe":
            self._wipe()
        elif what == "restore":
            self._restore(data, max(self.sold.values(), key=lambda sold: len(sold.bookings)).pool)
        elif what == "cancel" and not self.sold[POOLS[0]].dropped:
            self.sold[POOLS[0]].drop(self.now)
        elif what == "end":
            self._end_sales(data, POOLS[1])

    def _wipe(self) -> None:
        self.clock.wipe()
        self.wiped_at = self.now
        self.references.clear()
        self.entries = {owner: {} for owner in OWNERS}
        for pool in self.pools.values():
            pool.wipe()

    def _end_sales(self, data: Data, pool: str) -> None:
        self.sold[pool].end_sales(self.now + 1)
        self._write(data, (pool, self.sold[pool].row, None), None)
        self._move(self.now + 1)
        for _, owner, hold_id in [found for found in self._live() if found[0] == pool][:1]:
            self._resize(data, pool, owner, [hold_id], None)

    def _restore(self, data: Data, pool: str) -> None:
        """Postgres goes back to its backup; no worker lives that knows more, but Redis does."""
        self.sold[pool].restore()
        self.wiped_at = self.now
        self.reads = [read for read in self.reads if read[0] != pool]
        self.sales = [sale for sale in self.sales if sale.claim.pool != pool]
        self._move(self.now + 1)  # Redis believes what is read a millisecond after its last write
        self._write(data, (pool, self.sold[pool].row, self.now), None)

    @rule(data=st.data(), offset=OFFSETS)
    def wait(self, data: Data, offset: int) -> None:
        """Shortly, or until right before, at or after something changes."""
        moments = {moment + offset for moment in self._moments()} | {self.now + 1, self.now + 1_000}
        soonest = sorted(moment for moment in moments if moment > self.now)[:6]
        self._move(data.draw(st.sampled_from(soonest)))

    def _move(self, moment: int) -> None:
        self.clock.move(moment)
        for pool in self.pools.values():
            pool.pass_time(moment)
        self.references = {name: known for name, known in self.references.items() if known[2] >= moment}

    def _moments(self) -> list[int]:
        """When something changes."""
        timing, moments = self.timing, [until for _, _, until in self.references.values()]
        for pool in self.pools.values():
            if pool.register:
                moments += [pool.register.fresh_until, pool.register.kept_until]
            for hold in pool.holds.values():
                moments += [hold.closes_at, hold.ends_at]
                if hold.claim:
                    moments += [hold.claim.claimed_at + timing.sale, hold.ends_at - timing.sale - timing.lease]
        return moments

    # What must always hold

    @invariant()
    def postgres_is_never_oversold(self) -> None:
        for sold in self.sold.values():
            assert 0 <= sold.row.sold <= sold.row.capacity
            assert sold.row.sold == sum(seats or 0 for seats in sold.bookings.values())

    @invariant()
    def redis_is_as_the_model_says(self) -> None:
        self.loop.run(self._compare())

    async def _compare(self) -> None:
        (engine, runner), (other, _) = self.workers
        known, *answers = await asyncio.gather(
            asyncio.gather(*(self._known(engine, runner, pool) for pool in self.pools.values())),
            self._all_holds(engine),
            self._all_holds(other),
        )
        assert known == [pool.availability(self.now) for pool in self.pools.values()]
        for answer in answers:
            self._assert_holds(answer)
        listed = await asyncio.gather(*(other.of_owner(owner) for owner in OWNERS))
        for owner, holds in zip(OWNERS, listed, strict=True):
            self._assert_listed(owner, {hold.id for hold in holds})

    async def _known(self, engine: HoldEngine, runner: FaultyRunner, pool: Pool) -> Availability | None:
        """What Redis knows of the pool. Past its lease the script is asked, since the engine may load the pool anew."""
        if pool.register is None or pool.is_fresh(self.now):
            return await engine.availability(pool.name)
        names = [keys.pool(pool.name), keys.holds(pool.name)]
        code, now, *register = await runner.run(SCRIPTS["availability"], names)
        if code != Code.OK:
            return None
        fresh_until, capacity, sold, held, sales_end, version = register
        return Availability(capacity, sold, held, sales_end, version, fresh=now < fresh_until)

    async def _all_holds(self, engine: HoldEngine) -> list[Hold | BaseException]:
        """What every owner is told of every hold, then what somebody else is."""
        owned = [engine.get(owner, hold_id) for hold_id, (_, owner, _) in self.references.items()]
        strange = [engine.get("usr_9", hold_id) for hold_id in self.references]
        return await asyncio.gather(*owned, *strange, return_exceptions=True)

    def _assert_holds(self, answers: Sequence[Hold | BaseException]) -> None:
        count = len(self.references)
        for (hold_id, (pool, _, _)), answer in zip(self.references.items(), answers[:count], strict=True):
            hold = self.pools[pool].holds.get(hold_id)
            if hold:
                assert answer == hold.as_hold(pool, hold_id, self.now)
            else:
                assert isinstance(answer, HoldExpired), (hold_id, answer)
        assert all(isinstance(answer, HoldNotFound) for answer in answers[count:])

    def _assert_listed(self, owner: str, listed: set[str]) -> None:
        """Every live hold of the owner that can be found is listed; what is listed was opened."""
        found = {name for name, (pool, _, _) in self.references.items() if name in self.pools[pool].holds}
        assert found & set(self.entries[owner]) <= listed <= set(self.entries[owner])

    @invariant()
    def every_key_ends(self) -> None:
        lifetimes = self.clock.lifetimes()
        assert -1 not in lifetimes.values(), lifetimes
        for name, pool in self.pools.items():
            found = {
                key: end for key, end in lifetimes.items() if key.startswith(keys.hold(name, "")) and end > self.now
            }
            assert found == {keys.hold(name, hold_id): hold.ends_at for hold_id, hold in pool.holds.items()}
            for hold in pool.holds.values():
                for key in (keys.pool(name), keys.holds(name)):
                    assert lifetimes[key] >= hold.ends_at

    # What the rules share

    @property
    def now(self) -> int:
        return self.clock.now

    def _worker(self, data: Data, script: str = "", lost: str | None = None) -> HoldEngine:
        engine, runner = data.draw(st.sampled_from(self.workers))
        runner.lose_nothing()
        if lost:
            runner.lose(script, lost)
        return engine

    def _some_holds(self, data: Data) -> tuple[str, str, list[str]]:
        """One or two holds that may be long over, and mostly their owner."""
        live = [hold_id for _, _, hold_id in self._live()]
        known = live if live and data.draw(st.integers(0, 3), label="live") > 0 else sorted(self.references)
        hold_id = data.draw(st.sampled_from(known))
        pool, owner, _ = self.references[hold_id]
        others = [one for one in known if self.references[one][:2] == (pool, owner) and one != hold_id]
        more = data.draw(st.booleans(), label="more")
        hold_ids = [hold_id, *(others[:1] if more else [])]
        if data.draw(st.integers(0, 9), label="stranger") == 9:
            owner = next(other for other in OWNERS if other != owner)
        return pool, owner, hold_ids

    def _of_owner(self, pool: str, owner: str, hold_ids: Sequence[str], change: Callable[[], None]) -> None:
        if any(self.references[hold_id][1] != owner for hold_id in hold_ids):
            raise HoldNotFound
        change()

    def _do(
        self, work: Awaitable[Result], change: Callable[[], None], lost: str | None, *, knows_of_loss: bool = False
    ) -> tuple[bool, Any]:
        """Do the work, and the same in the model, and compare how it ended. Whether it was done, and what it gave."""
        try:
            found: Any = self.loop.run(self._finish(work))
        except (HoldError, StoreUnavailable) as error:
            found = error
        unknown = isinstance(found, StoreUnavailable)
        assert lost or not unknown, found
        expected: HoldError | None = None
        if not unknown or lost == "reply" or knows_of_loss:
            try:
                change()
            except HoldError as error:
                expected = error
        if unknown:
            return False, None
        if expected is None:
            assert not isinstance(found, Exception), found
            return True, found
        assert type(found) is type(expected), (found, expected)
        assert vars(found) == vars(expected)
        return False, None

    async def _finish(self, work: Awaitable[Result]) -> Result:
        """Its outcome, once everything is done that it left in the background."""
        try:
            return await work
        finally:
            for _ in range(6):
                await asyncio.sleep(0)
            for engine, runner in self.workers:
                await engine.close()
                await runner.command("PING")

    def _granted(self, pool: str, holds: Sequence[Hold], seats: Mapping[str, int], *, grew: bool) -> None:
        self._same_holds(pool, holds, list(seats))
        if grew:
            self._assert_nobody_else_may_have_them(pool)
        self.pools[pool].refresh_early(self.now, self.sold[pool].row)

    def _same_holds(self, pool: str, holds: Sequence[Hold], hold_ids: Sequence[str]) -> None:
        known = self.pools[pool].holds
        assert list(holds) == [known[hold_id].as_hold(pool, hold_id, self.now) for hold_id in hold_ids]

    def _assert_nobody_else_may_have_them(self, name: str) -> None:
        """Seats were granted: with what is sold, held, and may still be sold, they are no more than there are."""
        timing, pool, sold = self.timing, self.pools[name], self.sold[name]
        if self.wiped_at is not None and self.now < self.wiped_at + timing.sale + timing.lease:
            return  # what was being sold is forgotten; until every register knows it, only Postgres decides
        held = {hold_id: hold.seats for hold_id, hold in pool.holds.items()}
        for sale in self.sales:
            if sale.claim.pool == name and not sale.cancels and sold.can_commit(sale, self.now):
                held |= {hold.id: hold.seats for hold in sale.claim.holds}
        taken = sum(seats for hold_id, seats in held.items() if not sold.bookings.get(hold_id))
        assert sold.row.sold + taken <= sold.capacity_since(self.now - timing.lease), "oversold"

    def _forget(self, owner: str, hold_ids: Sequence[str] | Mapping[str, int]) -> None:
        for hold_id in hold_ids:
            self.entries[owner].pop(hold_id, None)
            self.references.pop(hold_id, None)

    def _live(self) -> list[tuple[str, str, str]]:
        """Pool, owner and id of each live hold that can be found."""
        return [
            (pool, owner, hold_id)
            for hold_id, (pool, owner, _) in self.references.items()
            if hold_id in self.pools[pool].holds
        ]

    def _claimed(self) -> list[tuple[str, str, str]]:
        return [found for found in self._live() if self.pools[found[0]].holds[found[2]].claim]

    def _in_phase(self, phase: Phase) -> list[Sale]:
        """Those that Redis has not been told of too often."""
        return [sale for sale in self.sales if sale.phase is phase and sale.told < FEW][-4:]

    def _committable(self) -> list[Sale]:
        return [sale for sale in self.sales if self.sold[sale.claim.pool].can_commit(sale, self.now)]

    def _sold_bookings(self) -> list[tuple[str, str]]:
        return [
            (pool, booking) for pool, sold in self.sold.items() for booking, seats in sold.bookings.items() if seats
        ]
