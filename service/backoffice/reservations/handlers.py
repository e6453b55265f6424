"""Staff look at reservations, and cancel them."""

from functools import partial

from service.backoffice.reservations import changes, queries
from service.backoffice.reservations.schemas import (
    Refund,
    ReservationQuery,
    StaffReservation,
    StaffReservationAnswer,
    StaffReservationList,
)
from service.backoffice.transactions import commit
from service.errors import InvalidInput
from service.http.endpoint import Call
from service.http.input import invalid
from service.inventory import pool_of_session
from service.registers import write_registers


async def list_reservations(call: Call[None, ReservationQuery]) -> StaffReservationList:
    """List reservations

    The bookings that were confirmed or given up, the last one first; open ones are not among them. Filters: `session`,
    `movie`, `place`, the customer's `email`, `status` (`confirmed`, after the show `completed`, or `cancelled`), and
    the days `from` and `to`, on which sessions start at their places, both inclusive. Managers see those of their
    places.
    """
    cursors, query, listing = call.resources.cursors, call.query, "admin/reservations"
    if query.from_ and query.to and query.from_ > query.to:
        raise InvalidInput([invalid("from", "The first day must not be after the last.")])
    [before] = cursors.after(listing, query) or [None]
    manager_id = None if call.user.role == "admin" else call.user.user_id
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.page_of_reservations(connection, query, before, manager_id)
    shown, metadata = cursors.cut(listing, query, rows, lambda row: (row["id"],))
    return StaffReservationList(reservations=[StaffReservation.of(row) for row in shown], metadata=metadata)


async def get_reservation(call: Call[None, None]) -> StaffReservationAnswer:
    """Get a reservation"""
    async with call.resources.postgres.acquire() as connection:
        row = await changes.visible_reservation(connection, call.ids["booking_id"], call.user)
    return StaffReservationAnswer(reservation=StaffReservation.of(row))


async def cancel_reservation(call: Call[Refund, None]) -> StaffReservationAnswer:
    """Cancel a confirmed reservation

    At any time, with a `note` that says why. Its seats are for sale again at once, and the customer is told by e-mail.
    """
    resources = call.resources
    work = partial(changes.cancel, booking_id=call.ids["booking_id"], staff=call.user, note=call.body.note)
    row, inventory = await commit(resources.postgres, work)
    await write_registers(resources.engine, pool_of_session, inventory)
    return StaffReservationAnswer(reservation=StaffReservation.of(row))
