"""What is done to reservations, each in one transaction, and by whom."""

from collections.abc import Sequence

from asyncpg import Record

from service.accounts.tokens import Principal
from service.backoffice.reservations import queries
from service.backoffice.sessions.changes import permit
from service.bookings.refunds import refund
from service.errors import BOOKING_NOT_FOUND, ApiError
from service.postgres import Connection


async def visible_reservation(connection: Connection, booking_id: int, staff: Principal) -> Record:
    """The reservation, if it is for a place that `staff` schedules. Raises `ApiError`."""
    row = await queries.reservation(connection, booking_id)
    if row is None:
        raise ApiError(BOOKING_NOT_FOUND)
    await permit(connection, staff, row["place_id"])
    return row


async def cancel(
    connection: Connection, booking_id: int, staff: Principal, note: str | None
) -> tuple[Record, Sequence[Record]]:
    """The reservation, cancelled, and the inventory row that has its seats again. Raises `ApiError`."""
    booking = await visible_reservation(connection, booking_id, staff)
    _, inventory = await refund(connection, booking, note)
    return await visible_reservation(connection, booking_id, staff), inventory
