"""A world of one hall: customers on two workers, a row of Postgres with one owner for each seat, and what may go wrong.

Nothing here is taken from the engine's own idea of its map: what holds have is read from their keys, what is sold from
the row. `look` compares both with what was granted, and with what Redis shows, after every step.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from holds import keys
from holds.engine import HoldEngine
from holds.errors import HoldError, NoBlock, SeatsTaken, StoreUnavailable
from holds.models import Claim, Hold, HoldState, Inventory, Timing
from holds.runner import ScriptRunner
from tests.holds.database import Database, Oversold
from tests.holds.halls import hall
from tests.model.clock import START, Clock, FaultyRunner

POOL, OWNERS = "ses_1", ("usr_1", "usr_2", "usr_3")
HALLS = (hall("....\nw. ..", plan="pln_1"), hall(".....\n...", plan="pln_2"))
LABELS = tuple(dict.fromkeys(label for seating in HALLS for label in seating.positions))
LIFETIMES = (60_000, 20_000, 4_000)
MOST_HOLDS = 6
FAR = START + 10_000_000_000
SCRIPTS_TO_LOSE = ("pick", "claim", "release", "settle", "load", "seating", "open")


@dataclass
class Sale:
    """A claim of one hold, until its transaction ended and its holds were settled."""

    claim: Claim
    row: Inventory | None = None
    """What the transaction left, once it committed."""
    failed: bool = False

    @property
    def hold(self) -> Hold:
        return self.claim.holds[0]


@dataclass
class Postgres:
    """The pool's row beside its bookings: a seat has one owner, and a hold is sold once."""

    database: Database
    bookings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def owners(self) -> dict[str, str]:
        return {label: hold_id for hold_id, labels in self.bookings.items() for label in labels}

    def sell(self, hold: Hold) -> Inventory:
        """The row after the sale, or as it is when the hold was sold before. Raises `Oversold`."""
        if hold.id not in self.bookings:
            if hold.plan != self.database.rows[POOL].plan:
                raise Oversold
            self.database.sell_seats(POOL, hold.labels)
            self.bookings[hold.id] = hold.labels
        return self.database.rows[POOL]


class World:
    """Its steps are named by what `step` is given, with a number that says whom or what they concern."""

    def __init__(self, runner: ScriptRunner, clock: Clock) -> None:
        self.clock, self.raw, self.timing = clock, runner, Timing()
        self.database = Database()
        self.database.add_hall(POOL, HALLS[0])
        self.database.change(POOL, sales_end=FAR)
        self.postgres = Postgres(self.database)
        self.runners = [FaultyRunner(runner, clock) for _ in range(2)]
        self.workers = [
            HoldEngine(runner, self.database.load, self.timing, read_seating=self.database.read_hall)
            for runner in self.runners
        ]
        self.owners: dict[str, str] = {}
        self.sales: list[Sale] = []
        self.reads: list[tuple[Inventory, int]] = []
        self.disaster_at = -FAR
        """When Redis was wiped, or the plan was changed: seats that were being sold may have been granted since."""

    async def step(self, what: str, number: int) -> None:
        for runner in self.runners:
            runner.lose_nothing()
        with suppress(StoreUnavailable):
            await getattr(self, what.replace(" ", "_"))(number)
        for engine in self.workers:
            await engine.close()
        await self.look()

    # Customers

    async def open(self, number: int) -> None:
        if len(await self.live()) < MOST_HOLDS:
            hold_id, owner = f"bkg_{len(self.owners)}", OWNERS[number % 3]
            self.owners[hold_id] = owner
            lifetime = LIFETIMES[number % 3]
            await self.worker(number).open(POOL, owner, {hold_id: 0}, lifetime=lifetime, owner_limit=100)

    async def pick(self, number: int) -> None:
        """Up to three seats, some of which may not exist."""
        if hold := await self.some_hold(number):
            labels = [LABELS[(number // 7 + step) % len(LABELS)] for step in range(0, number % 3 * 2 + 1, 2)]
            found = await self.granted(self.worker(number).pick(hold.owner, hold.id, labels))
            assert found in ((), tuple(labels)), "other seats than those asked for"

    async def take_the_best(self, number: int) -> None:
        if hold := await self.some_hold(number):
            wheelchair = number % 7 == 0
            await self.granted(
                self.worker(number).pick_block(hold.owner, hold.id, number % 4 + wheelchair, wheelchair=int(wheelchair))
            )

    async def resize(self, number: int) -> None:
        if hold := await self.some_hold(number):
            await self.granted(self.worker(number).resize(hold.owner, {hold.id: number % 4}))

    async def take_all_that_is_free(self, number: int) -> None:
        """Somebody wants every seat that Redis shows as free."""
        if hold := await self.some_hold(number):
            shown = (await self.worker(number).seats(POOL)).map
            seating = self.database.halls[self.database.rows[POOL].plan]
            free = [label for label, position in seating.positions.items() if shown[position] in ".w"]
            await self.granted(self.worker(number).pick(hold.owner, hold.id, free), are_free=True)

    async def release(self, number: int) -> None:
        if hold := await self.some_hold(number):
            with suppress(HoldError):
                await self.worker(number).release(hold.owner, [hold.id])

    async def lose(self, number: int) -> None:
        """Somebody does something, and is told nothing of it, or it never arrives."""
        losing, what = SCRIPTS_TO_LOSE[number % len(SCRIPTS_TO_LOSE)], ("request", "reply")[number % 2]
        for runner in self.runners:
            runner.lose(losing, what)
        steps = (self.pick, self.take_the_best, self.resize, self.claim, self.release, self.settle, self.open)
        await steps[number // 7 % len(steps)](number)

    # Sales

    async def claim(self, number: int) -> None:
        """Mostly of a hold that has seats, and is not claimed yet."""
        if hold := await self.some_hold(number, to_be_sold=number % 5 > 0):
            with suppress(HoldError):
                self.sales.append(Sale(await self.worker(number).claim(hold.owner, [hold.id])))

    async def commit(self, number: int) -> None:
        """A transaction ends, `T` after its claim at the latest."""
        under_way = [sale for sale in self.sales if self.may_commit(sale)]
        if under_way:
            sale = under_way[number % len(under_way)]
            try:
                sale.row = self.postgres.sell(sale.hold)
            except Oversold:
                sale.failed = True
                of_another_plan = sale.hold.plan != self.database.rows[POOL].plan
                recent = self.clock.now <= self.disaster_at + self.timing.claim
                assert of_another_plan or recent, "a seat was held that had an owner"

    async def settle(self, number: int) -> None:
        """In any order, and again."""
        committed = [sale for sale in self.sales if sale.row is not None]
        if committed:
            sale = committed[number % len(committed)]
            assert sale.row is not None
            await self.worker(number).settle(POOL, [sale.claim], sale.row)

    async def fail(self, number: int) -> None:
        under_way = [sale for sale in self.sales if sale.failed or self.may_commit(sale)]
        if under_way:
            sale = under_way[number % len(under_way)]
            sale.failed = True
            await self.worker(number).unclaim(sale.claim)

    async def buy(self, number: int) -> None:
        """Every third one settles; else the news of the sale come from somewhere else, or with the next row."""
        sales = len(self.sales)
        await self.open(number)
        await self.take_the_best(number)
        await self.claim(number)
        if len(self.sales) > sales:
            await self.commit(len([sale for sale in self.sales if self.may_commit(sale)]) - 1)
            if number % 3 == 0:
                await self.settle(len([sale for sale in self.sales if sale.row is not None]) - 1)
            elif number % 3 == 1:
                await self.worker(number).write(POOL, self.database.rows[POOL])

    async def sell_as_late_as_may_be(self, number: int) -> None:
        """A row is read right before a sale commits at its deadline; nobody settles; it comes when the claim ends."""
        sales = len(self.sales)
        await self.claim(number)
        if len(self.sales) > sales:
            self.move(self.clock.now + self.timing.sale)
            self.reads.append((self.database.rows[POOL], self.clock.now))
            await self.commit(len([sale for sale in self.sales if self.may_commit(sale)]) - 1)
            self.move(self.clock.now - self.timing.sale + self.timing.claim)
            await self.write_a_row(len(self.reads) - 1)
            await self.open(number)
            await self.take_all_that_is_free(-1)

    async def refund(self, number: int) -> None:
        if self.postgres.bookings:
            hold_id = list(self.postgres.bookings)[number % len(self.postgres.bookings)]
            labels = self.postgres.bookings[hold_id]
            if labels:
                self.database.refund_seats(POOL, labels)
                self.postgres.bookings[hold_id] = ()
            if number % 2:
                await self.worker(number).write(POOL, self.database.rows[POOL])

    # The world

    async def read_a_row(self, _: int) -> None:
        self.reads.append((self.database.rows[POOL], self.clock.now))

    async def write_a_row(self, number: int) -> None:
        """Late, and in any order; every other time without its moment, as news of a change."""
        if self.reads:
            row, read_at = self.reads[number % len(self.reads)]
            if number % 2:
                await self.worker(number).write(POOL, row)
            else:
                await self.worker(number).load(POOL, row, read_at)

    async def wait(self, number: int) -> None:
        """Until right before, at or after something ends."""
        ends = sorted(
            moment + offset
            for moment in {hold.closes_at for hold in await self.live()}
            | {sale.claim.claimed_at + self.timing.claim for sale in self.sales}
            | {sale.claim.claimed_at + self.timing.sale for sale in self.sales}
            | {self.clock.now + self.timing.lease}
            for offset in (-1, 0, 1)
            if moment + offset > self.clock.now
        )
        self.move(ends[number % min(len(ends), 9)])

    async def lose_the_seating(self, number: int) -> None:
        await self.raw.command("DEL", keys.seating(POOL))

    async def change_the_plan(self, number: int) -> None:
        """Of a pool that sold nothing. Seats that are being sold may be granted since: Postgres decides."""
        if not self.postgres.owners:
            self.disaster_at = self.clock.now
            plan = (None, *HALLS)[number % 3]
            self.database.move(POOL, plan or HALLS[1])
            if plan is None:
                await self.worker(number).write(POOL, self.database.move(POOL, None))
                self.database.move(POOL, HALLS[0])
            await self.worker(number).write(POOL, self.database.rows[POOL])

    async def wipe(self, number: int) -> None:
        if number % 5 == 0:
            self.clock.wipe()
            self.disaster_at = self.clock.now

    def move(self, moment: int) -> None:
        self.clock.move(moment)

    # What must always hold

    async def granted(self, work: Any, *, are_free: bool = False) -> Sequence[str]:
        """What somebody was given: free in Postgres, and not what another one's sale may still make its own."""
        try:
            found = await work
        except NoBlock as refused:
            await self.check_split(refused)
            return ()
        except SeatsTaken:
            assert not are_free, "what is shown as free is not"
            return ()
        except HoldError:
            return ()
        hold: Hold = found[0] if isinstance(found, tuple) and not isinstance(found, Hold) else found
        in_force = self.clock.now > self.disaster_at + self.timing.sale + self.timing.lease
        owners = self.postgres.owners if in_force else {}
        for sale in self.sales if in_force else ():
            if self.may_commit(sale) and sale.hold.id not in self.postgres.bookings:
                owners |= dict.fromkeys(sale.hold.labels, sale.hold.id)
        assert all(owners.get(label, hold.id) == hold.id for label in hold.labels), f"{hold.labels} are sold: {owners}"
        assert len(hold.labels) == len(set(hold.labels)) == hold.seats
        return hold.labels

    async def check_split(self, refused: NoBlock) -> None:
        """What a party is offered instead is free."""
        shown = await self.workers[0].seats(POOL)
        for group in refused.split:
            for label in group:
                assert label in shown.seating.positions

    async def look(self) -> None:
        """A seat has one holder; what Redis shows is what holds and the row say; sums are right."""
        live = await self.live()
        register = await self.hash_of(keys.pool(POOL))
        if not register:
            return
        counted = {name: int(seats) for name, seats in register.items() if name.startswith("seats:")}
        assert int(register["free"]) == int(register["capacity"]) - int(register["sold"]) - sum(counted.values())
        seating = await self.hash_of(keys.seating(POOL))
        if register["numbered"] != "1" or "map" not in seating:
            return
        known = self.database.halls[seating["loaded"]]
        holders: dict[int, str] = {}
        for hold in live:
            for label in hold.labels:
                if hold.plan == known.plan:
                    position = known.positions[label]
                    assert position not in holders, f"{label} has two holders"
                    holders[position] = hold.id
        due = {name.removeprefix("of:") for name in seating if name.startswith("of:")}
        assert set(holders.values()) <= due
        for position, cell in enumerate(seating["map"]):
            if seating["sold"][position] == "1":
                assert cell == "x"
            elif position in holders:
                assert cell == "o"
            elif cell == "o":
                assert any(str(position) in seating[f"of:{hold_id}"].split()[2:] for hold_id in due), "nobody holds it"
            else:
                assert cell == known.cells[position]

    async def live(self) -> list[Hold]:
        """As their keys say, whichever plan is in force."""
        found = []
        for hold_id, owner in self.owners.items():
            fields = await self.hash_of(keys.hold(POOL, hold_id))
            if fields and int(fields.get("claim_ends_at", fields["closes_at"])) > self.clock.now:
                hold = await self.workers[0]._read(POOL, hold_id)
                assert hold is not None
                found.append(hold._replace(owner=owner, labels=tuple(fields.get("labels", "").split())))
        return found

    async def some_hold(self, number: int, *, to_be_sold: bool = False) -> Hold | None:
        live = await self.live()
        if to_be_sold:
            live = [hold for hold in live if hold.labels and hold.state is HoldState.OPEN] or live
        return live[number % len(live)] if live else None

    def may_commit(self, sale: Sale) -> bool:
        in_time = self.clock.now <= sale.claim.claimed_at + self.timing.sale
        return in_time and sale.row is None and not sale.failed

    def worker(self, number: int) -> HoldEngine:
        return self.workers[number % 2]

    async def hash_of(self, key: str) -> dict[str, str]:
        words: Sequence[bytes] = await self.raw.command("HGETALL", key)
        return {name.decode(): value.decode() for name, value in zip(words[::2], words[1::2], strict=True)}
