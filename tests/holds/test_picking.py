"""Choosing seats by their labels."""

import asyncio
from itertools import count

import pytest

from holds.engine import HoldEngine
from holds.errors import (
    HoldClaimed,
    HoldExpired,
    HoldNotFound,
    NotNumbered,
    SalesEnded,
    SeatsTaken,
    StoreUnavailable,
    UnknownSeats,
)
from holds.models import Hold, Seating, SeatState
from tests.holds.conftest import ANN, BEN, POOL, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.halls import hall, rectangle
from tests.holds.steps import free_seats, opened, picked, timeless

HALL = "ses_hall"
KEY = f"pool:{{{HALL}}}"


@pytest.fixture(autouse=True)
def numbered(database: Database) -> None:
    """Rows A and B of four seats, of which A1 is a wheelchair place."""
    database.add_hall(HALL, hall("w...\n...."))


async def states(engine: HoldEngine) -> dict[str, str]:
    """What is not free, by its label."""
    seats = await engine.seats(HALL)
    found = {label: seats.state(position) for label, position in seats.seating.positions.items()}
    return {label: state for label, state in found.items() if state is not None and state is not SeatState.FREE}


async def test_seats_are_the_holds(engine: HoldEngine, raw: Raw) -> None:
    hold = await picked(engine, HALL, ANN, "A2", "B4")
    assert (hold.seats, hold.labels) == (2, ("A2", "B4"))
    assert hold.reserved_at == hold.now
    assert timeless(await engine.get(ANN, hold.id)) == timeless(hold)
    assert await states(engine) == {"A2": "held", "B4": "held"}
    assert await free_seats(engine, HALL) == 6
    assert await raw.hget(f"hold:{{{HALL}}}:{hold.id}", "labels") == "A2 B4"
    assert await raw.hget(f"{KEY}:seating", "map") == "wo..\n...o"


async def test_a_choice_replaces_the_last_one(engine: HoldEngine) -> None:
    hold = await picked(engine, HALL, ANN, "A2", "A3")
    assert (await engine.pick(ANN, hold.id, ["A3", "A4", "A1"])).labels == ("A3", "A4", "A1")
    assert await states(engine) == {"A1": "held", "A3": "held", "A4": "held"}
    assert await free_seats(engine, HALL) == 5
    assert (await engine.pick(ANN, hold.id, [])).labels == ()
    assert await states(engine) == {}
    assert await free_seats(engine, HALL) == 8


async def test_repeating_a_choice_changes_nothing(engine: HoldEngine) -> None:
    hold = await picked(engine, HALL, ANN, "A2", "A3")
    assert timeless(await engine.pick(ANN, hold.id, ["A2", "A3"])) == timeless(hold)
    assert await free_seats(engine, HALL) == 6


async def test_seats_that_are_taken_are_named_and_nothing_changes(engine: HoldEngine, database: Database) -> None:
    """Made to fail by `if #taken > 0` taken out of `pick.lua`."""
    mine = await picked(engine, HALL, ANN, "A2")
    await picked(engine, HALL, BEN, "A3", "B1")
    await engine.write(HALL, database.sell_seats(HALL, ["B2"]))
    with pytest.raises(SeatsTaken) as refusal:
        await engine.pick(ANN, mine.id, ["B2", "A4", "A3"])
    assert refusal.value.labels == ("B2", "A3")
    assert (await engine.get(ANN, mine.id)).labels == ("A2",)
    assert await states(engine) == {"A2": "held", "A3": "held", "B1": "held", "B2": "sold"}


async def test_seats_that_there_are_not_are_named(engine: HoldEngine, database: Database) -> None:
    hold = await opened(engine, HALL, ANN)
    with pytest.raises(UnknownSeats) as refusal:
        await engine.pick(ANN, hold.id, ["A1", "C1", "A5"])
    assert refusal.value.labels == ("C1", "A5")
    assert database.halls_read == 1


async def test_a_seat_twice(engine: HoldEngine) -> None:
    hold = await opened(engine, HALL, ANN)
    with pytest.raises(ValueError, match="twice"):
        await engine.pick(ANN, hold.id, ["A1", "A1"])


async def test_a_pool_without_a_plan(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 1)
    with pytest.raises(NotNumbered):
        await engine.pick(ANN, hold.id, ["A1"])
    with pytest.raises(NotNumbered):
        await engine.pick_block(ANN, hold.id, 2)
    with pytest.raises(NotNumbered):
        await engine.seats(POOL)
    assert (await engine.get(ANN, hold.id)).seats == 1


async def test_only_live_open_holds_of_ones_own(engine: HoldEngine, raw: Raw) -> None:
    hold = await picked(engine, HALL, ANN, "A2")
    with pytest.raises(HoldNotFound):
        await engine.pick(BEN, hold.id, ["A3"])
    await engine.claim(ANN, [hold.id])
    with pytest.raises(HoldClaimed):
        await engine.pick(ANN, hold.id, ["A3"])
    short = await opened(engine, HALL, ANN, lifetime=30)
    await wait_until(raw, short.closes_at)
    with pytest.raises(HoldExpired):
        await engine.pick(ANN, short.id, ["A3"])
    assert await states(engine) == {"A2": "held"}


async def test_after_the_end_of_sales_nothing_grows(engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await picked(engine, HALL, ANN, "A2", "A3")
    await engine.write(HALL, database.change(HALL, sales_end=await now_of(raw)))
    with pytest.raises(SalesEnded):
        await engine.pick(ANN, hold.id, ["A2", "A3", "A4"])
    assert (await engine.pick(ANN, hold.id, ["A3"])).labels == ("A3",)


async def test_a_lapsed_hold_leaves_its_seats(engine: HoldEngine, raw: Raw) -> None:
    """To the millisecond, and for many at once. Made to fail by `leave_cells` taken out of `reap`."""
    short = await opened(engine, HALL, BEN, lifetime=200)
    async with ends_before(raw, short.closes_at):
        await engine.pick(BEN, short.id, ["A2", "A3"])
    hold = await opened(engine, HALL, ANN)
    await wait_until(raw, short.closes_at)
    assert (await engine.pick(ANN, hold.id, ["A3", "A4"])).labels == ("A3", "A4")
    assert await states(engine) == {"A3": "held", "A4": "held"}


async def test_more_lapsed_holds_than_one_step_reaps(engine: HoldEngine, database: Database, raw: Raw) -> None:
    seating = rectangle(12, 50, plan="pln_large")
    pool = database.add_hall("ses_large", seating)
    lapsing = {f"bkg_lapsing_{n}": 1 for n in range(500)}
    holds = await engine.open(pool, BEN, lapsing, lifetime=1_500, owner_limit=500)
    assert sum(len(hold.labels) for hold in holds) == 500
    mine = await opened(engine, pool, ANN)
    await wait_until(raw, holds[0].closes_at)
    chosen = list(seating.positions)
    assert (await engine.pick(ANN, mine.id, chosen[:100])).labels == tuple(chosen[:100])
    assert (await engine.seats(pool)).held == 100


async def test_releasing_leaves_the_seats(engine: HoldEngine) -> None:
    hold = await picked(engine, HALL, ANN, "A2", "B4")
    await engine.release(ANN, [hold.id])
    assert await states(engine) == {}


async def test_a_claim_knows_its_seats(engine: HoldEngine) -> None:
    hold = await picked(engine, HALL, ANN, "B4", "A2")
    claim = await engine.claim(ANN, [hold.id])
    assert claim.holds[0].labels == ("B4", "A2")
    await engine.unclaim(claim)
    assert (await engine.get(ANN, hold.id)).labels == ("B4", "A2")


async def test_sold_seats_stay_taken(engine: HoldEngine, database: Database) -> None:
    """Made to fail by `write_sold` taken out of `lib/register.lua`: A2 is free again."""
    hold = await picked(engine, HALL, ANN, "A2", "B4")
    claim = await engine.claim(ANN, [hold.id])
    await engine.settle(HALL, [claim], database.sell_seats(HALL, claim.holds[0].labels))
    assert await states(engine) == {"A2": "sold", "B4": "sold"}
    other = await opened(engine, HALL, BEN)
    with pytest.raises(SeatsTaken):
        await engine.pick(BEN, other.id, ["A2"])


async def test_one_of_many_gets_a_seat(make_engine: MakeEngine, database: Database) -> None:
    """Forty want one of four seats, each from one of three workers. Made to fail by `if #taken > 0` taken out."""
    engines = [make_engine() for _ in range(3)]
    holds = [await opened(engines[n % 3], HALL, f"usr_{n}") for n in range(40)]
    picks = [
        engines[n % 3].pick(hold.owner, hold.id, [f"B{n % 4 + 1}", f"A{n % 4 + 1}"]) for n, hold in enumerate(holds)
    ]
    answers = await asyncio.gather(*picks, return_exceptions=True)
    got = [answer.labels for answer in answers if not isinstance(answer, BaseException)]
    assert sorted(label for labels in got for label in labels) == [f"{row}{n}" for row in "AB" for n in (1, 2, 3, 4)]
    assert all(isinstance(answer, SeatsTaken) for answer in answers if isinstance(answer, BaseException))


async def test_a_seat_that_lapses_while_others_pick_it(make_engine: MakeEngine, raw: Raw) -> None:
    """Somebody gets it, once, and not before its end. Made to fail by `reap` before the end, and by none at all."""
    engines = [make_engine() for _ in range(2)]
    first = await opened(engines[0], HALL, ANN, lifetime=150)
    async with ends_before(raw, first.closes_at):
        await engines[0].pick(ANN, first.id, ["A2"])
    holds = [await opened(engines[n % 2], HALL, f"usr_{n}") for n in range(6)]
    winners: list[Hold] = []
    while not winners:
        answers = await asyncio.gather(
            *(engines[n % 2].pick(hold.owner, hold.id, ["A2"]) for n, hold in enumerate(holds)), return_exceptions=True
        )
        winners = [answer for answer in answers if not isinstance(answer, BaseException)]
        assert all(isinstance(answer, SeatsTaken) for answer in answers if isinstance(answer, BaseException))
    assert len(winners) == 1
    assert winners[0].now >= first.closes_at


async def test_a_seat_that_is_sold_while_others_pick_it(make_engine: MakeEngine, database: Database) -> None:
    """Made to fail by holds removed before the row is written, in two scripts: in between the seat is free."""
    engines = [make_engine() for _ in range(2)]
    hold = await picked(engines[0], HALL, ANN, "A2")
    others = [await opened(engines[n % 2], HALL, f"usr_{n}") for n in range(6)]
    claim = await engines[0].claim(ANN, [hold.id])
    settling = engines[0].settle(HALL, [claim], database.sell_seats(HALL, ["A2"]))
    picks = [engines[n % 2].pick(other.owner, other.id, ["A2"]) for n, other in enumerate(others)]
    _, *answers = await asyncio.gather(settling, *picks, return_exceptions=True)
    assert all(isinstance(answer, SeatsTaken) for answer in answers)


async def test_labels_are_those_of_the_plan_in_force(engine: HoldEngine, database: Database) -> None:
    """Whatever this worker remembers. Made to fail by `ARGV[2] ~= loaded` taken out of `pick.lua`."""
    hold = await picked(engine, HALL, ANN, "A2")
    await engine.write(HALL, database.move(HALL, hall("....\n..", plan="pln_2")))
    assert (await engine.pick(ANN, hold.id, ["B2"])).labels == ("B2",)
    with pytest.raises(UnknownSeats):
        await engine.pick(ANN, hold.id, ["B4"])
    await engine.write(HALL, database.move(HALL, hall("....\n....", plan="pln_3")))
    assert (await engine.pick(ANN, hold.id, ["B4"])).labels == ("B4",)


async def test_plans_that_change_all_the_time(make_engine: MakeEngine, database: Database) -> None:
    writer, plans, read_hall = make_engine(), count(1), database.read_hall

    async def read_and_change(plan: str) -> Seating | None:
        seating = await read_hall(plan)
        await writer.write(HALL, database.move(HALL, hall("....\n....", plan=f"pln_new_{next(plans)}")))
        return seating

    database.read_hall = read_and_change  # type: ignore[method-assign]
    engine = make_engine()
    hold = await opened(engine, HALL, ANN)
    with pytest.raises(StoreUnavailable):
        await engine.pick(ANN, hold.id, ["B4"])
