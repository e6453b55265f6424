"""Which seats are sold: the register, the row and the owners of the seats agree, or drift is told."""

from service.postgres import Connection
from service.resources import Resources
from tests.service.audit.conftest import Look, NewCaller, Raw, kinds, only
from tests.service.halls import Halls
from tests.service.seats.conftest import bought, chosen


async def test_seats_held_and_sold_are_no_drift(look: Look, caller: NewCaller, resources: Resources) -> None:
    ann, showing = await caller(), await Halls(resources).showing("....")
    await bought(ann, showing.session, "A1", "A3")
    await chosen(ann, showing.session, "A4")
    report = await look()
    assert (kinds(report), report.held) == ([], 1)


async def test_a_register_that_takes_another_seat_for_sold(
    look: Look, caller: NewCaller, resources: Resources, raw: Raw
) -> None:
    ann, showing = await caller(), await Halls(resources).showing("....")
    await bought(ann, showing.session, "A1")
    await raw.hset(f"pool:{{{showing.session}}}:seating", "sold", "0100")
    drift = only(await look())
    assert (drift.kind, drift.redis, drift.postgres) == ("register", {"sold_cells": "0100"}, {"sold_cells": "1000"})


async def test_a_seat_whose_owner_is_gone(
    look: Look, caller: NewCaller, resources: Resources, connection: Connection
) -> None:
    ann, showing = await caller(), await Halls(resources).showing("....")
    await bought(ann, showing.session, "A1", "A2")
    await connection.execute("UPDATE booking_seats SET released = true WHERE label = 'A2'")
    drift = only(await look())
    assert drift.kind == "bookings"
    assert drift.postgres == {"sold": 2, "numbered_seats_of_bookings": 1, "sold_ones_among_them": 1}
