"""What Redis knows of a hall: loaded with the pool, kept as long, and mended from the row and the holds."""

import asyncio

import pytest

from holds.engine import HoldEngine
from holds.errors import PoolNotFound, SeatsTaken
from holds.models import Inventory, Seating
from tests.holds.conftest import ANN, BEN, QUICK, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import FAR, Database
from tests.holds.halls import hall
from tests.holds.steps import MINUTE, free_seats, opened, picked

HALL = "ses_hall"
KEY = f"pool:{{{HALL}}}"
SEATING = f"{KEY}:seating"


@pytest.fixture(autouse=True)
def seating(database: Database) -> Seating:
    """Rows A and B of four seats, of which A1 is a wheelchair place."""
    found = hall("w...\n....")
    database.add_hall(HALL, found)
    return found


async def drawn(raw: Raw) -> str:
    return str(await raw.hget(SEATING, "map"))


async def reload(engine: HoldEngine, database: Database, raw: Raw) -> None:
    """As at the end of a lease."""
    await engine.load(HALL, database.rows[HALL], await now_of(raw))


async def test_it_is_read_once_however_many_pools_have_it(
    engine: HoldEngine, database: Database, seating: Seating
) -> None:
    other = database.add_hall("ses_other", seating)
    await picked(engine, HALL, ANN, "A2")
    await picked(engine, other, ANN, "A2")
    assert database.halls_read == 1


async def test_it_is_read_once_however_many_pick_at_once(make_engine: MakeEngine, database: Database) -> None:
    """By a worker that has not seen the hall, though it is loaded."""
    hold = await picked(make_engine(), HALL, ANN, "A2")
    engine, before = make_engine(), database.halls_read
    await asyncio.gather(*(engine.pick(ANN, hold.id, ["A2"]) for _ in range(20)))
    assert database.halls_read == before + 1


async def test_a_plan_that_there_is_not(engine: HoldEngine, database: Database) -> None:
    database.halls.clear()
    with pytest.raises(PoolNotFound):
        await opened(engine, HALL, ANN)


async def test_seats_sold_before_the_pool_was_loaded_are_taken(
    engine: HoldEngine, database: Database, raw: Raw
) -> None:
    database.sell_seats(HALL, ["A3", "B1"])
    hold = await opened(engine, HALL, ANN)
    with pytest.raises(SeatsTaken) as refusal:
        await engine.pick(ANN, hold.id, ["A2", "A3"])
    assert refusal.value.labels == ("A3",)
    assert await drawn(raw) == "w.x.\nx..."


async def test_the_newest_row_says_what_is_sold(engine: HoldEngine, database: Database, raw: Raw) -> None:
    """Rows that come late, in any order, change nothing. Made to fail by `write_sold` before versions are compared."""
    await opened(engine, HALL, ANN)
    rows = [database.sell_seats(HALL, [label]) for label in ("A3", "B1", "B4")]
    rows.append(database.refund_seats(HALL, ["B1"]))
    for row in (rows[1], rows[0], rows[3], rows[2], rows[0]):
        await engine.write(HALL, row)
    assert await drawn(raw) == "w.x.\n...x"


async def test_a_restored_database_is_believed(engine: HoldEngine, database: Database, raw: Raw) -> None:
    """Seats that are no longer sold are free, but for those that somebody holds."""
    before = database.rows[HALL]
    hold = await picked(engine, HALL, ANN, "A3", "A4")
    await engine.write(HALL, database.sell_seats(HALL, ["A3", "B1"]))
    assert await drawn(raw) == "w.xo\nx..."
    await wait_until(raw, int(await raw.hget(KEY, "written_at") or 0) + 2)
    await engine.load(HALL, before, await now_of(raw))
    assert await drawn(raw) == "w.oo\n...."
    await engine.release(ANN, [hold.id])
    assert await drawn(raw) == "w...\n...."


async def test_a_sale_that_counts_twice_shows_its_seats_as_sold(
    engine: HoldEngine, database: Database, raw: Raw
) -> None:
    """The row is there before the hold is gone: its seats are sold, and stay so when it goes."""
    hold = await opened(engine, HALL, ANN, lifetime=150)
    async with ends_before(raw, hold.closes_at):
        await engine.pick(ANN, hold.id, ["A3"])
        await engine.write(HALL, database.sell_seats(HALL, ["A3"]))
        assert await drawn(raw) == "w.x.\n...."
    await wait_until(raw, hold.closes_at)
    assert await free_seats(engine, HALL) == 7
    assert await drawn(raw) == "w.x.\n...."


async def test_settling_in_another_order_than_they_committed(engine: HoldEngine, database: Database, raw: Raw) -> None:
    first, second = await picked(engine, HALL, ANN, "A3"), await picked(engine, HALL, BEN, "B1")
    claims = [await engine.claim(hold.owner, [hold.id]) for hold in (first, second)]
    rows = [database.sell_seats(HALL, hold.labels) for hold in (first, second)]
    await engine.settle(HALL, [claims[1]], rows[1])
    assert await drawn(raw) == "w.x.\nx..."
    await engine.settle(HALL, [claims[0]], rows[0])
    assert await drawn(raw) == "w.x.\nx..."
    assert await free_seats(engine, HALL) == 6


async def test_a_claim_that_lapses_after_the_commit_frees_no_seat(
    make_engine: MakeEngine, database: Database, raw: Raw
) -> None:
    """Nobody settled. Made to fail by durations that break `C ≥ T + L`, or by rows that bring no sold seats."""
    engine = make_engine(QUICK)
    hold = await opened(engine, HALL, ANN, lifetime=100)
    async with ends_before(raw, hold.closes_at):
        await engine.pick(ANN, hold.id, ["A3"])
        await engine.claim(ANN, [hold.id])
    database.sell_seats(HALL, ["A3"])
    other = await opened(engine, HALL, BEN)
    while (await engine.seats(HALL)).held > 0:
        with pytest.raises(SeatsTaken):
            await engine.pick(BEN, other.id, ["A3"])
    with pytest.raises(SeatsTaken):
        await engine.pick(BEN, other.id, ["A3"])


@pytest.mark.parametrize("lost", ["seating", "map"])
async def test_what_is_lost_is_found_again(engine: HoldEngine, database: Database, raw: Raw, lost: str) -> None:
    """From the row, the plan, and what the holds themselves say, before anybody picks."""
    hold = await picked(engine, HALL, ANN, "A3", "B2")
    await engine.write(HALL, database.sell_seats(HALL, ["B4"]))
    if lost == "map":
        await raw.hdel(SEATING, "map")
    else:
        await raw.delete(SEATING)
    other = await opened(engine, HALL, BEN)
    with pytest.raises(SeatsTaken):
        await engine.pick(BEN, other.id, ["B2"])
    assert await drawn(raw) == "w.o.\n.o.x"
    assert (await engine.get(ANN, hold.id)).labels == ("A3", "B2")


async def test_a_late_row_that_comes_when_it_is_lost(engine: HoldEngine, database: Database, raw: Raw) -> None:
    """It is not believed; the plan is known with the next row that is. Made to fail by drawing what is not there."""
    hold = await picked(engine, HALL, ANN, "A3")
    late = database.rows[HALL]
    await engine.write(HALL, database.sell_seats(HALL, ["B4"]))
    await raw.delete(SEATING)
    await engine.load(HALL, late, hold.now - 60_000)
    other = await opened(engine, HALL, BEN)
    with pytest.raises(SeatsTaken):
        await engine.pick(BEN, other.id, ["A3"])
    assert await drawn(raw) == "w.o.\n...x"


async def test_a_deleted_pool(engine: HoldEngine, database: Database, raw: Raw) -> None:
    """Its holds' seats are known by their labels: nobody loses them."""
    await picked(engine, HALL, ANN, "A3", "B2")
    await raw.delete(KEY)
    await opened(engine, HALL, BEN)
    assert await drawn(raw) == "w.o.\n.o.."
    assert await free_seats(engine, HALL) == 6


@pytest.mark.parametrize("drift", ["seats nobody has", "seats of a hold", "cells of a hold"])
async def test_a_drift_ends_with_the_lease(engine: HoldEngine, database: Database, raw: Raw, drift: str) -> None:
    hold = await picked(engine, HALL, ANN, "A3", "B2")
    if drift == "cells of a hold":
        await raw.hdel(SEATING, f"of:{hold.id}")
    else:
        await raw.hset(SEATING, "map", "woo.\no..." if drift == "seats nobody has" else "w...\n....")
    await reload(engine, database, raw)
    assert await drawn(raw) == "w.o.\n.o.."
    await engine.release(ANN, [hold.id])
    assert await drawn(raw) == "w...\n...."


async def test_seats_of_another_plan_are_nobodys(engine: HoldEngine, database: Database, raw: Raw) -> None:
    """They still count, and are in nobody's way, also where this plan has their labels; the claim names their plan.

    Made to fail by `hold[4] == plan` taken out of `seated.lua`.
    """
    hold = await picked(engine, HALL, ANN, "A4", "B4")
    await engine.write(HALL, database.move(HALL, hall("......\n..", plan="pln_2")))
    assert (await picked(engine, HALL, BEN, "A4")).plan == "pln_2"
    assert await drawn(raw) == "...o..\n.."
    assert await free_seats(engine, HALL) == 5
    assert (await engine.get(ANN, hold.id))[-2:] == (("A4", "B4"), "pln_1")
    (moved,) = await engine.resize(ANN, {hold.id: 2})
    assert (len(moved.labels), moved.plan) == (2, "pln_2")
    assert not {"A4", "B4"} & set(moved.labels)
    (claimed,) = (await engine.claim(ANN, [hold.id])).holds
    assert (claimed.labels, claimed.plan) == (moved.labels, "pln_2")


async def test_a_claim_names_the_plan_of_old(engine: HoldEngine, database: Database) -> None:
    """Its sale is to be refused, though the plan in force has the same labels."""
    hold = await picked(engine, HALL, ANN, "A2")
    await engine.write(HALL, database.move(HALL, hall("...\n.", plan="pln_2")))
    await opened(engine, HALL, BEN)
    (claimed,) = (await engine.claim(ANN, [hold.id])).holds
    assert (claimed.labels, claimed.plan) == (("A2",), "pln_1")


async def test_labels_go_where_the_seats_were_counted_meanwhile(
    engine: HoldEngine, database: Database, raw: Raw
) -> None:
    """Which of so many seats they name, nobody knows. Made to fail by the comparison taken out of `seated.lua`."""
    hold = await picked(engine, HALL, ANN, "A3", "B2")
    before = database.halls[database.rows[HALL].plan]
    await engine.write(HALL, database.move(HALL, None))
    await engine.resize(ANN, {hold.id: 3})
    await engine.write(HALL, database.move(HALL, before))
    await picked(engine, HALL, BEN, "A3")
    assert await drawn(raw) == "w.o.\n...."
    found = await engine.get(ANN, hold.id)
    assert (found.seats, found.labels, found.plan) == (3, (), "")


async def test_seats_that_were_lost_are_found_with_their_cells(
    engine: HoldEngine, database: Database, raw: Raw
) -> None:
    """One hold's count is lost, another's cells are as many. Made to fail by `lost or` taken out of `load.lua`."""
    ann, ben = await picked(engine, HALL, ANN, "A3"), await picked(engine, HALL, BEN, "B2")
    await raw.hdel(KEY, f"seats:{ann.id}")
    await raw.hset(SEATING, mapping={f"of:{ann.id}": f"{ANN} {ann.closes_at} 1", f"of:{ben.id}": f"{BEN} 0 6"})
    await reload(engine, database, raw)
    assert await drawn(raw) == "w.o.\n.o.."


async def test_a_plan_that_comes_back(engine: HoldEngine, database: Database, raw: Raw) -> None:
    """The seats of holds are known though the pool had no plan for a while."""
    await picked(engine, HALL, ANN, "A4", "B4")
    before = database.halls[database.rows[HALL].plan]
    await engine.write(HALL, database.move(HALL, None))
    assert await raw.exists(SEATING) == 0
    await engine.write(HALL, database.move(HALL, before))
    other = await opened(engine, HALL, BEN)
    with pytest.raises(SeatsTaken):
        await engine.pick(BEN, other.id, ["A4"])
    assert await drawn(raw) == "w..o\n...o"


async def test_a_plan_that_comes_back_before_it_is_loaded(engine: HoldEngine, database: Database, raw: Raw) -> None:
    await picked(engine, HALL, ANN, "A4")
    before = database.halls[database.rows[HALL].plan]
    await engine.write(HALL, database.move(HALL, hall("..\n..", plan="pln_2")))
    await engine.write(HALL, database.move(HALL, before))
    assert await drawn(raw) == "w..o\n...."
    assert await raw.hget(KEY, "numbered") == "1"


async def test_a_plan_that_comes_late_is_not_believed(
    engine: HoldEngine, database: Database, raw: Raw, seating: Seating
) -> None:
    """Made to fail by `'plan') ~= ARGV[1]` taken out of `seating.lua`."""
    await opened(engine, HALL, ANN)
    await engine.write(HALL, database.move(HALL, hall("..\n..", plan="pln_2")))
    await engine.load_seating(HALL, seating)
    assert await raw.hget(KEY, "numbered") == "-1"
    await picked(engine, HALL, BEN, "B2")
    assert await drawn(raw) == "..\n.o"
    await engine.load_seating(HALL, seating)
    assert await drawn(raw) == "..\n.o"


async def test_a_plan_creates_no_pool(engine: HoldEngine, raw: Raw, seating: Seating) -> None:
    await engine.load_seating(HALL, seating)
    assert await raw.dbsize() == 0


async def test_a_dropped_pool_forgets_it(engine: HoldEngine, database: Database, raw: Raw) -> None:
    await picked(engine, HALL, ANN, "A4")
    late = database.rows[HALL]
    await engine.drop(HALL, late.version + 1)
    assert await raw.exists(SEATING) == 0
    await engine.write(HALL, late)
    assert await raw.exists(SEATING) == 0


async def test_it_lives_as_long_as_its_pool(engine: HoldEngine, database: Database, raw: Raw) -> None:
    """However the pool's end is moved, and by whatever the seating is written anew."""
    await opened(engine, HALL, ANN)
    assert await raw.pexpiretime(SEATING) == await raw.pexpiretime(KEY)
    await opened(engine, HALL, ANN, lifetime=10 * MINUTE)
    assert await raw.pexpiretime(SEATING) == await raw.pexpiretime(KEY)
    await engine.write(HALL, database.move(HALL, None))
    await engine.write(HALL, database.move(HALL, hall("..\n..", plan="pln_2")))
    assert await raw.pexpiretime(SEATING) == await raw.pexpiretime(KEY)
    await opened(engine, HALL, ANN)
    await raw.delete(SEATING)
    await engine.write(HALL, database.sell_seats(HALL, ["A1"]))
    assert await raw.pexpiretime(SEATING) == await raw.pexpiretime(KEY)


async def test_a_counted_pool_has_none(engine: HoldEngine, database: Database, raw: Raw) -> None:
    await engine.load("ses_counted", Inventory(4, 0, FAR, 1), await now_of(raw))
    assert await raw.exists("pool:{ses_counted}:seating") == 0


async def test_nobody_waits_for_numbered_seats(engine: HoldEngine) -> None:
    await picked(engine, HALL, ANN, "A4")
    assert await engine.tick(HALL) == ()
    await engine.resize(ANN, {(await opened(engine, HALL, ANN)).id: 2})
