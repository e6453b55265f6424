"""Following a pool whose seats have numbers: what is told of seats adds up to what they are."""

import random
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldError
from holds.following import News, SeatChange
from holds.models import Hold, SeatState
from tests.holds.conftest import ANN, BEN, Raw, ends_before, wait_until
from tests.holds.database import Database, Oversold
from tests.holds.halls import hall, rectangle
from tests.holds.steps import MINUTE, opened, picked

HALL = "ses_hall"
Seats = dict[int, tuple[SeatState, int | None]]
FREE, HELD, SOLD = SeatState.FREE, SeatState.HELD, SeatState.SOLD


@pytest.fixture(autouse=True)
def numbered(database: Database) -> None:
    """Rows A and B of four seats, of which A1 is a wheelchair place: cells 0 to 3, and 5 to 8."""
    database.add_hall(HALL, hall("w...\n...."))


class Follower:
    """Knows the seats from one look at all of them, and from what it was told since."""

    def __init__(self, engine: HoldEngine) -> None:
        self._engine = engine
        self._last: str | None = None
        self.seats: Seats = {}
        self.looks = 0

    async def ask(self) -> list[SeatChange]:
        """What became of which seats, in order."""
        news = await self._engine.follow(HALL, self._last)
        if news.joined:
            return self._fold(news)
        await self._look(news)
        return []

    async def truth(self) -> Seats:
        """What is not free, and until when."""
        found = await self._engine.seats(HALL)
        ends = {position: hold.closes_at for hold in found.holds for position in hold.positions}
        states = {position: found.state(position) for position in found.seating.positions.values()}
        return {
            position: (state, ends[position] if state is HELD else None)
            for position, state in states.items()
            if state is not None and state is not FREE
        }

    async def _look(self, news: News) -> None:
        self._last = news.changes[-1].id
        self.looks += 1
        found = await self._engine.seats(HALL)
        self.seats = await self.truth()
        assert (await self._engine.follow(HALL, found.change)).joined

    def _fold(self, news: News) -> list[SeatChange]:
        told = [seat for change in news.changes for seat in change.seats]
        for seat in told:
            self.seats[seat.position] = seat.state, seat.closes_at
            if seat.state is FREE:
                del self.seats[seat.position]
        if news.changes:
            self._last = news.changes[-1].id
            last = news.changes[-1]
            assert (last.held, last.sold) == tuple(
                sum(state is wanted for state, _ in self.seats.values()) for wanted in (HELD, SOLD)
            )
        return told


@pytest.fixture
async def follower(engine: HoldEngine, raw: Raw) -> Follower:
    follower = Follower(engine)
    assert await follower.ask() == []
    return follower


async def sell(engine: HoldEngine, database: Database, hold: Hold) -> None:
    claim = await engine.claim(hold.owner, [hold.id])
    await engine.settle(HALL, [claim], database.sell_seats(HALL, hold.labels))


async def test_every_operation_on_seats(follower: Follower, engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await picked(engine, HALL, ANN, "A2", "A3")
    assert await follower.ask() == [SeatChange(cell, HELD, hold.closes_at) for cell in (1, 2)]
    await engine.pick(ANN, hold.id, ["A3", "A4"])
    await engine.pick(ANN, hold.id, ["A3", "A4"])
    assert await follower.ask() == [SeatChange(1, FREE, None), SeatChange(3, HELD, hold.closes_at)]
    hold = await engine.get(ANN, hold.id)
    await engine.unclaim(await engine.claim(ANN, [hold.id]))
    assert await follower.ask() == []
    await sell(engine, database, hold)
    assert await follower.ask() == [SeatChange(2, SOLD, None), SeatChange(3, SOLD, None)]
    other = await opened(engine, HALL, BEN, 4)
    assert [(seat.position, seat.state) for seat in await follower.ask()] == [(cell, HELD) for cell in (5, 6, 7, 8)]
    await engine.resize(BEN, {other.id: 1})
    told = await follower.ask()
    assert [seat.state for seat in told].count(FREE) >= 3
    await engine.release(BEN, [other.id])
    assert [seat.state for seat in await follower.ask()] == [FREE]
    await engine.write(HALL, database.refund_seats(HALL, ["A3"]))
    assert await follower.ask() == [SeatChange(2, FREE, None)]
    short = await opened(engine, HALL, BEN, lifetime=60)
    async with ends_before(raw, short.closes_at):
        await engine.pick(BEN, short.id, ["A1"])
        assert await follower.ask() == [SeatChange(0, HELD, short.closes_at)]
    await wait_until(raw, short.closes_at)
    assert await follower.ask() == [SeatChange(0, FREE, None)]
    await engine.load(HALL, database.sell_seats(HALL, ["B4"]), short.now)
    assert await follower.ask() == [SeatChange(8, SOLD, None)]
    assert follower.seats == await follower.truth() == {3: (SOLD, None), 8: (SOLD, None)}
    assert follower.looks == 1


@pytest.mark.parametrize("plan", [rectangle(3, 5, plan="pln_2"), None], ids=["numbers", "counts"])
async def test_another_plan_makes_followers_look_again(
    follower: Follower, engine: HoldEngine, database: Database, plan: object
) -> None:
    """What they know of seats is of the old one. Without the XTRIM in `seating.lua`, or `sold.lua`, it is `joined`."""
    hold = await picked(engine, HALL, ANN, "A2")
    await follower.ask()
    await engine.release(ANN, [hold.id])
    row = database.move(HALL, plan)  # type: ignore[arg-type]  # of the parameters
    await engine.load(HALL, row, hold.now)
    if plan is not None:
        await engine.seats(HALL)
    assert not (await engine.follow(HALL, follower._last)).joined


class Crowd:
    """Customers who do what comes to mind."""

    def __init__(self, engine: HoldEngine, database: Database, choices: random.Random) -> None:
        self._engine, self._database, self._choices = engine, database, choices
        self._labels = list(database.halls["pln_1"].positions)
        self._numbers = count(1)
        self._holds: list[Hold] = []
        self._sold: list[str] = []

    async def act(self) -> None:
        often, seldom = (self._pick, self._refund), (self._block, self._give_up, self._buy, self._reload)
        with suppress(HoldError, Oversold, IndexError):  # the last where there is nothing to choose from
            await self._choices.choice([*often, *often, *seldom])()

    async def _pick(self) -> None:
        hold = await self._opened(self._choices.choice([30, MINUTE]))
        labels = self._choices.sample(self._labels, self._choices.randint(1, 3))
        self._holds.append(await self._engine.pick(hold.owner, hold.id, labels))

    async def _block(self) -> None:
        hold = await self._opened(MINUTE)
        self._holds.append(await self._engine.pick_block(hold.owner, hold.id, self._choices.randint(1, 3)))

    async def _give_up(self) -> None:
        hold = self._some(self._holds)
        await self._engine.release(hold.owner, [hold.id])

    async def _buy(self) -> None:
        hold = self._some(self._holds)
        await sell(self._engine, self._database, hold)
        self._sold += hold.labels

    async def _refund(self) -> None:
        await self._engine.write(HALL, self._database.refund_seats(HALL, [self._some(self._sold)]))

    async def _reload(self) -> None:
        await self._engine.load(HALL, self._database.rows[HALL], 1)

    async def _opened(self, lifetime: int) -> Hold:
        return await opened(self._engine, HALL, f"usr_{next(self._numbers)}", lifetime=lifetime)

    def _some(self, kept: list[Any]) -> Any:
        return kept.pop(self._choices.randrange(len(kept)) if kept else 0)


async def test_random_operations(follower: Follower, engine: HoldEngine, database: Database) -> None:
    """Compared where nothing lapsed while it asked."""
    choices = random.Random(11)  # noqa: S311  # no secret
    crowd, told, compared = Crowd(engine, database, choices), 0, 0
    for _ in range(200):
        await crowd.act()
        told += len(await follower.ask())
        if choices.random() < 0.3:
            before = await follower.truth()
            told += len(await follower.ask())
            if before == await follower.truth():
                compared += 1
                assert follower.seats == before
    assert follower.looks == 1
    assert told > 100
    assert compared > 10
