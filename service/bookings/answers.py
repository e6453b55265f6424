"""Bookings as they are answered to who makes them."""

from collections.abc import Sequence

import orjson
from asyncpg import Record

from holds.models import Hold
from service.bookings.schemas import CancelledBooking, ConfirmedBooking, OpenedBooking, ReservedBooking
from service.ids import Entity
from service.moments import format_milliseconds, format_timestamp
from service.seats.pricing import total
from service.seats.schemas import ChosenSeat


def opened(hold: Hold) -> OpenedBooking:
    """A hold without seats."""
    return {
        "id": hold.id,
        "session_id": hold.pool,
        "created_at": format_milliseconds(hold.opened_at),
        "closes_at": format_milliseconds(hold.closes_at),
        "expires_in_ms": hold.closes_at - hold.now,
    }


def reserved(hold: Hold, booking_id: int, chosen: Sequence[ChosenSeat]) -> ReservedBooking:
    """A hold with seats."""
    booking: ReservedBooking = {
        "id": hold.id,
        "session_id": hold.pool,
        "reserved_seats": hold.seats,
        "created_at": format_milliseconds(hold.opened_at),
        "closes_at": format_milliseconds(hold.closes_at),
        "reservation": {
            "id": Entity.RESERVATION.public(booking_id),
            "seats": hold.seats,
            "created_at": format_milliseconds(hold.reserved_at or hold.opened_at),
        },
    }
    _add_seats(booking, chosen)
    return booking


def confirmed(row: Record) -> ConfirmedBooking:
    """A confirmed booking's row."""
    booking: ConfirmedBooking = {
        "id": Entity.BOOKING.public(row["id"]),
        "session_id": Entity.SESSION.public(row["session_id"]),
        "reserved_seats": row["seats"],
        "created_at": format_timestamp(row["created_at"]),
        "closes_at": format_timestamp(row["closes_at"]),
        "confirmed_at": format_timestamp(row["confirmed_at"]),
    }
    _add_seats(booking, chosen_of(row))
    return booking


def cancelled(row: Record) -> CancelledBooking:
    """A cancelled booking's row."""
    booking: CancelledBooking = {
        "id": Entity.BOOKING.public(row["id"]),
        "session_id": Entity.SESSION.public(row["session_id"]),
        "reserved_seats": row["seats"],
        "created_at": format_timestamp(row["created_at"]),
        "closes_at": format_timestamp(row["closes_at"]),
        "confirmed_at": None if row["confirmed_at"] is None else format_timestamp(row["confirmed_at"]),
        "cancelled_at": format_timestamp(row["cancelled_at"]),
    }
    _add_seats(booking, chosen_of(row))
    return booking


def chosen_of(row: Record) -> Sequence[ChosenSeat]:
    """The numbered seats of a booking's row that was sold; none where the statement has no such column."""
    text: str | None = row.get("chosen")
    chosen: Sequence[ChosenSeat] = () if text is None else orjson.loads(text)
    return chosen


def _add_seats(booking: ReservedBooking | ConfirmedBooking | CancelledBooking, chosen: Sequence[ChosenSeat]) -> None:
    """What bookings of sessions with a seat plan have besides."""
    if chosen:
        booking["seats"], booking["total"] = chosen, total(chosen)
