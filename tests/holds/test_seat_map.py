"""Every seat of a pool at one moment."""

import pytest

from holds.engine import HoldEngine
from holds.errors import PoolNotFound
from holds.models import HeldSeats, SeatState
from tests.holds.conftest import ANN, BEN, MakeEngine, Raw, ends_before, wait_until
from tests.holds.database import Database
from tests.holds.halls import hall
from tests.holds.steps import opened, picked

HALL = "ses_hall"
KEY = f"pool:{{{HALL}}}"


@pytest.fixture(autouse=True)
def numbered(database: Database) -> None:
    """Rows A and B of four seats, of which A1 is a wheelchair place, and an aisle."""
    database.add_hall(HALL, hall("w. ..\n.. .."))


async def test_who_holds_what(engine: HoldEngine, database: Database) -> None:
    mine, other = await picked(engine, HALL, ANN, "A2", "B3"), await picked(engine, HALL, BEN, "A1")
    await opened(engine, HALL, BEN)
    await engine.write(HALL, database.sell_seats(HALL, ["B4"]))
    seats = await engine.seats(HALL)
    assert (seats.pool, seats.seating) == (HALL, database.halls["pln_1"])
    assert seats.map == "oo ..\n.. ox"
    assert set(seats.holds) == {
        HeldSeats(mine.id, ANN, (1, 9), mine.closes_at),
        HeldSeats(other.id, BEN, (0,), other.closes_at),
    }
    assert (seats.capacity, seats.sold, seats.held) == (8, 1, 3)
    assert seats.now >= mine.now
    assert [seats.state(position) for position in (0, 2, 3, 5, 10)] == [
        SeatState.HELD,
        None,
        SeatState.FREE,
        None,
        SeatState.SOLD,
    ]


async def test_a_lapsed_hold_is_not_in_it(engine: HoldEngine, raw: Raw) -> None:
    """Made to fail by `reap` taken out of `seats.lua`."""
    hold = await opened(engine, HALL, ANN, lifetime=100)
    async with ends_before(raw, hold.closes_at):
        await engine.pick(ANN, hold.id, ["A2"])
        assert len((await engine.seats(HALL)).holds) == 1
    await wait_until(raw, hold.closes_at)
    seats = await engine.seats(HALL)
    assert (seats.map, seats.holds, seats.held) == ("w. ..\n.. ..", (), 0)


async def test_a_claimed_hold_is_in_it_past_its_end(engine: HoldEngine, raw: Raw) -> None:
    hold = await opened(engine, HALL, ANN, lifetime=100)
    async with ends_before(raw, hold.closes_at):
        await engine.pick(ANN, hold.id, ["A2"])
        await engine.claim(ANN, [hold.id])
    await wait_until(raw, hold.closes_at)
    assert (await engine.seats(HALL)).holds == (HeldSeats(hold.id, ANN, (1,), hold.closes_at),)


async def test_it_is_one_script(engine: HoldEngine, raw: Raw) -> None:
    """Once the pool is loaded."""
    await picked(engine, HALL, ANN, "A2")
    await raw.config_resetstat()
    await engine.seats(HALL)
    stats = await raw.info("commandstats")
    assert sum(stats.get(f"cmdstat_{name}", {"calls": 0})["calls"] for name in ("evalsha", "eval", "hgetall")) <= 3


async def test_a_pool_that_is_not_loaded_is(engine: HoldEngine) -> None:
    assert (await engine.seats(HALL)).map == "w. ..\n.. .."
    with pytest.raises(PoolNotFound):
        await engine.seats("ses_nowhere")


async def test_past_its_lease_it_is_read_anew(make_engine: MakeEngine, database: Database, raw: Raw) -> None:
    engine = make_engine()
    assert (await engine.seats(HALL)).sold == 0
    database.sell_seats(HALL, ["B4"])
    await raw.hset(KEY, "fresh_until", 0)
    assert (await engine.seats(HALL)).map == "w. ..\n.. .x"
