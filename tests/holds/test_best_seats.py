"""A hold gets the best seats side by side, or is told how its party may be divided."""

import asyncio

import pytest

from holds.engine import HoldEngine
from holds.errors import NoBlock, NotEnoughSeats, SalesEnded
from tests.holds.conftest import ANN, BEN, POOL, MakeEngine, Raw, now_of
from tests.holds.database import Database
from tests.holds.halls import hall, rectangle
from tests.holds.steps import free_seats, opened, picked, timeless

HALL = "ses_hall"


@pytest.fixture(autouse=True)
def numbered(database: Database) -> None:
    """Three rows of six, with two wheelchair places in the last; B3 is the best seat."""
    database.add_hall(HALL, hall("......\n......\nww....", focal="B3"))


async def best(engine: HoldEngine, owner: str, count: int, wheelchair: int = 0) -> str:
    """The labels of a new hold."""
    hold = await opened(engine, HALL, owner)
    return " ".join((await engine.pick_block(owner, hold.id, count, wheelchair=wheelchair)).labels)


async def test_side_by_side_and_near_the_focal_point(engine: HoldEngine) -> None:
    assert await best(engine, ANN, 2) == "B3 B4"
    assert await best(engine, ANN, 2) == "B1 B2"
    assert await best(engine, BEN, 3) == "A1 A2 A3"
    assert await free_seats(engine, HALL) == 11


async def test_as_resizing_does_it(engine: HoldEngine) -> None:
    hold = await opened(engine, HALL, ANN)
    (resized,) = await engine.resize(ANN, {hold.id: 4})
    assert resized.labels == ("B1", "B2", "B3", "B4")
    assert timeless(await engine.get(ANN, hold.id)) == timeless(resized)
    (smaller,) = await engine.resize(ANN, {hold.id: 1})
    assert smaller.labels == ("B3",)
    (none,) = await engine.resize(ANN, {hold.id: 0})
    assert (none.labels, none.seats, none.reserved_at) == ((), 0, resized.reserved_at)
    assert await free_seats(engine, HALL) == 18


async def test_a_hold_that_has_so_many_keeps_them(engine: HoldEngine) -> None:
    """Repeating what somebody was not told the end of moves nobody."""
    hold = await picked(engine, HALL, ANN, "A1", "C6")
    assert (await engine.resize(ANN, {hold.id: 2}))[0].labels == ("A1", "C6")
    assert (await engine.pick_block(ANN, hold.id, 2)).labels == ("A1", "C6")
    assert (await engine.pick_block(ANN, hold.id, 2, wheelchair=2)).labels == ("C1", "C2")
    assert (await engine.pick_block(ANN, hold.id, 2, wheelchair=2)).labels == ("C1", "C2")
    assert (await engine.resize(ANN, {hold.id: 2}))[0].labels == ("C1", "C2")
    assert (await engine.pick_block(ANN, hold.id, 2)).labels == ("B3", "B4")


async def test_its_own_seats_are_free_to_a_hold(engine: HoldEngine) -> None:
    await picked(engine, HALL, BEN, "A3", "C4")
    hold = await picked(engine, HALL, ANN, "B3")
    assert (await engine.pick_block(ANN, hold.id, 6)).labels == ("B1", "B2", "B3", "B4", "B5", "B6")


async def test_wheelchair_places_only_on_request(engine: HoldEngine) -> None:
    for count in (6, 6, 4):
        await best(engine, ANN, count)
    with pytest.raises(NoBlock) as refusal:
        await best(engine, BEN, 1)
    assert (refusal.value.free, refusal.value.split) == (2, ())
    assert await best(engine, BEN, 1, wheelchair=1) in ("C1", "C2")


async def test_several_holds_all_or_none(engine: HoldEngine) -> None:
    first, second = await opened(engine, HALL, ANN), await opened(engine, HALL, ANN)
    holds = await engine.resize(ANN, {first.id: 6, second.id: 6})
    assert [" ".join(hold.labels[:2]) for hold in holds] == ["B1 B2", "A1 A2"]
    with pytest.raises(NoBlock):
        await engine.resize(ANN, {first.id: 1, second.id: 7})
    assert [hold.labels for hold in await engine.find([first.id, second.id])] == [hold.labels for hold in holds]
    swapped = await engine.resize(ANN, {first.id: 4, second.id: 2})
    assert [" ".join(hold.labels) for hold in swapped] == ["B1 B2 B3 B4", "A3 A4"]


async def test_opened_with_seats(engine: HoldEngine, raw: Raw) -> None:
    (hold,) = await engine.open(HALL, ANN, {"bkg_seated": 3}, lifetime=60_000, owner_limit=1)
    assert hold.labels == ("B1", "B2", "B3")
    with pytest.raises(NoBlock):
        await engine.open(HALL, BEN, {"bkg_large": 7}, lifetime=60_000, owner_limit=1)
    assert await engine.of_owner(BEN) == []
    assert await raw.zcard(f"pool:{{{HALL}}}:holds") == 1


async def test_a_party_that_does_not_fit_together_is_divided(engine: HoldEngine) -> None:
    """As few groups as possible, nobody alone if that can be, near the focal point; nothing changes."""
    await picked(engine, HALL, BEN, "A3", "B3", "C5")
    hold = await picked(engine, HALL, ANN, "C3")
    with pytest.raises(NoBlock) as refusal:
        await engine.pick_block(ANN, hold.id, 4)
    assert refusal.value.free == 14
    assert refusal.value.split == (("B1", "B2"), ("B4", "B5"))
    assert (await engine.get(ANN, hold.id)).labels == ("C3",)


async def test_more_than_there_are(engine: HoldEngine) -> None:
    with pytest.raises(NoBlock) as refusal:
        await best(engine, ANN, 19)
    assert (refusal.value.free, refusal.value.split) == (18, ())


async def test_counts_decide_too(engine: HoldEngine, database: Database) -> None:
    """A row whose capacity is below its seats: no cell is granted that the count does not have."""
    await engine.write(HALL, database.change(HALL, capacity=3))
    assert await best(engine, ANN, 2) == "B3 B4"
    with pytest.raises(NoBlock) as refusal:
        await best(engine, ANN, 2)
    assert (refusal.value.free, refusal.value.split) == (1, ())
    hold = await opened(engine, HALL, ANN)
    with pytest.raises(NotEnoughSeats):
        await engine.pick(ANN, hold.id, ["A1", "A2"])


async def test_seats_that_are_sold_to_somebody_else_are_not_kept(engine: HoldEngine, database: Database) -> None:
    """Its sale was refused, since Postgres had sold one of them: the next try gets others."""
    hold = await picked(engine, HALL, ANN, "B3", "B4")
    await engine.write(HALL, database.sell_seats(HALL, ["B3"]))
    assert (await engine.resize(ANN, {hold.id: 2}))[0].labels == ("B1", "B2")


async def test_after_the_end_of_sales_nothing_grows(engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await picked(engine, HALL, ANN, "B3")
    await engine.write(HALL, database.change(HALL, sales_end=await now_of(raw)))
    with pytest.raises(SalesEnded):
        await engine.pick_block(ANN, hold.id, 2)
    await engine.resize(ANN, {hold.id: 0})


async def test_a_pool_that_loses_its_plan_is_counted(engine: HoldEngine, database: Database) -> None:
    """Whatever this worker remembers of it."""
    hold = await picked(engine, HALL, ANN, "B3")
    await engine.write(HALL, database.move(HALL, None))
    (resized,) = await engine.resize(ANN, {hold.id: 5})
    assert (resized.seats, resized.labels) == (5, ())
    assert (await engine.get(ANN, hold.id)).labels == ()


async def test_two_who_want_the_best_get_different_ones(make_engine: MakeEngine, database: Database) -> None:
    """Twelve parties of three at once, from two workers. Made to fail by a map that `pick.lua` does not write."""
    pool = database.add_hall("ses_two", rectangle(18, 4, plan="pln_two"))
    engines = [make_engine() for _ in range(2)]
    holds = [await opened(engines[n % 2], pool, f"usr_{n}") for n in range(12)]
    got = await asyncio.gather(*(engines[n % 2].pick_block(hold.owner, hold.id, 3) for n, hold in enumerate(holds)))
    labels = [label for hold in got for label in hold.labels]
    assert len(labels) == len(set(labels)) == 36


async def test_counted_pools_are_as_they_were(engine: HoldEngine) -> None:
    hold = await opened(engine, POOL, ANN, 3)
    assert hold.labels == ()
    assert (await engine.resize(ANN, {hold.id: 4}))[0].labels == ()
    assert (await engine.claim(ANN, [hold.id])).holds[0].labels == ()
