"""Cancelling bookings after they were sold.

Whoever does locks the session's inventory row first, as sales do, and gives the seats back in the same transaction,
which also queues what tells the customer. The register is written afterwards: its version says which write is newer.
"""

from collections.abc import Sequence

from asyncpg import Record

from holds.errors import HoldError, HoldExpired
from service.bookings import queries
from service.bookings.lifecycle import settled_refusal
from service.errors import (
    BOOKING_EXPIRED,
    BOOKING_NOT_CONFIRMED,
    BOOKING_NOT_FOUND,
    REFUND_TOO_LATE,
    ApiError,
)
from service.ids import Entity
from service.inventory import lock_inventory, pool_of_session
from service.jobs.outbox import NewJob, enqueue_all
from service.moments import format_timestamp
from service.postgres import Connection
from service.registers import write_registers
from service.resources import Resources

MAIL = "booking-cancelled-mail"
"""The job that tells a customer."""
JOBS_AT_ONCE = 5_000
"""So many are queued by one statement."""


async def refund_own(resources: Resources, user_id: int, booking_id: int) -> Record:
    """Refund a user's own booking: its row, committed. Raises `ApiError`."""
    row = await _refund_settled(resources, user_id, booking_id)
    if row is None:
        unsettled = await _why_unsettled(resources, user_id, booking_id)
        row = await _refund_settled(resources, user_id, booking_id)  # it may have been confirmed before Redis was asked
        if row is None:
            raise unsettled
    return row


async def refund(connection: Connection, booking: Record, note: str | None) -> tuple[Record, Sequence[Record]]:
    """The booking, cancelled, and the inventory row that has its seats again. Raises `ApiError`.

    `booking` is as it was before the inventory was locked.
    """
    await lock_inventory(connection, [booking["session_id"]])
    row = await queries.refund_booking(connection, booking["id"], note)
    if row is None:
        settled = await queries.refundable(connection, booking["id"])
        raise ApiError(BOOKING_NOT_FOUND) if settled is None else settled_refusal(settled)
    inventory = await queries.give_back(connection, row["session_id"], row["id"], row["seats"])
    await _tell_customers(connection, [row["id"]])
    return row, inventory


async def refund_session(connection: Connection, session_id: int) -> None:
    """Cancel all confirmed bookings of a session, whose inventory is locked, and closed by the same transaction."""
    await _tell_customers(connection, await queries.refund_session(connection, session_id))


async def _refund_settled(resources: Resources, user_id: int, booking_id: int) -> Record | None:
    """The row; None where the user has no settled booking of that number. Raises `ApiError`."""
    async with resources.postgres.transaction() as connection:
        booking = await queries.refundable(connection, booking_id)
        if booking is None or booking["user_id"] != user_id:
            return None
        if booking["status"] != "confirmed":
            raise settled_refusal(booking)
        if booking["too_late"]:
            raise ApiError(REFUND_TOO_LATE, {"starts_at": format_timestamp(booking["starts_at"])})
        row, inventory = await refund(connection, booking, None)
    await write_registers(resources.engine, pool_of_session, inventory)
    return row


async def _why_unsettled(resources: Resources, user_id: int, booking_id: int) -> ApiError:
    """Why a booking that is not settled cannot be refunded."""
    try:
        await resources.engine.get(Entity.USER.public(user_id), Entity.BOOKING.public(booking_id))
    except HoldExpired:
        return ApiError(BOOKING_EXPIRED)
    except HoldError:
        return ApiError(BOOKING_NOT_FOUND)
    return ApiError(BOOKING_NOT_CONFIRMED)


async def _tell_customers(connection: Connection, booking_ids: Sequence[int]) -> None:
    bookings = [Entity.BOOKING.public(number) for number in booking_ids]
    jobs = [NewJob(MAIL, {"booking": booking}, f"{MAIL}:{booking}") for booking in bookings]
    for first in range(0, len(jobs), JOBS_AT_ONCE):
        await enqueue_all(connection, jobs[first : first + JOBS_AT_ONCE])
