"""A user's bookings in one order: open ones from Redis, read first, and settled ones from Postgres."""

from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg import Record

from holds.errors import HoldError, HoldExpired
from holds.models import Hold
from service import errors
from service.bookings import queries
from service.bookings.answers import chosen_of
from service.bookings.schemas import Booking, BookingsAnswer, BookingsPage
from service.catalogue.schemas import MovieTitle, PlaceName
from service.errors import ApiError
from service.ids import MAX_NUMBER, Entity
from service.postgres import Connection
from service.resources import Resources
from service.seats.pricing import priced_hold, total
from service.seats.schemas import ChosenSeat


async def page_of(resources: Resources, user_id: int, page: BookingsPage) -> BookingsAnswer:
    """A page of the user's bookings, newest first, none twice. Expired ones are listed once they are recorded.

    A booking that is settled while this runs is in one of the two sources at least: Redis is read before Postgres.
    """
    listing = f"bookings:{user_id}"
    before = (resources.cursors.after(listing, page) or [MAX_NUMBER])[0]
    holds = {}
    if page.status in (None, "open"):
        owned = await resources.engine.of_owner(Entity.USER.public(user_id))
        holds = {number: hold for hold in owned if (number := _number(hold)) < before}
    async with resources.postgres.acquire() as connection:
        rows = await queries.page_of_user(connection, user_id, before, page.status, page.limit + 1, list(holds))
        if page.status in (None, "expired"):
            rows += await queries.lapsed_of_user(connection, user_id, before, page.limit + 1)
        settled = {row["id"]: row for row in rows}
        still_open = {number: hold for number, hold in holds.items() if number not in settled}
        sessions = await _sessions_of(connection, list(still_open.values()))
    bookings = [_settled(row) for row in rows if page.status in (None, row["status"])]
    bookings += [
        await _open(resources, hold, sessions[hold.pool]) for hold in still_open.values() if hold.pool in sessions
    ]
    bookings.sort(key=lambda booking: booking.id, reverse=True)
    shown, metadata = resources.cursors.cut(listing, page, bookings, lambda booking: [booking.id])
    return BookingsAnswer(bookings=shown, metadata=metadata)


async def one_of(resources: Resources, user_id: int, booking_id: int) -> Booking:
    """One booking of the user. Raises `ApiError`: 404, or 410 when it expired and is not recorded yet."""
    hold: Hold | None = None
    missing = ApiError(errors.BOOKING_NOT_FOUND)
    try:
        hold = await resources.engine.get(Entity.USER.public(user_id), Entity.BOOKING.public(booking_id))
    except HoldExpired:
        missing = ApiError(errors.BOOKING_EXPIRED)
    except HoldError:
        pass
    async with resources.postgres.acquire() as connection:
        rows = await queries.page_of_user(connection, user_id, min(booking_id + 1, MAX_NUMBER), None, 1, [])
        if rows and rows[0]["id"] == booking_id:
            return _settled(rows[0])
        if hold is None:
            lapsed = await queries.lapsed_of_user(connection, user_id, min(booking_id + 1, MAX_NUMBER), 1)
            if lapsed and lapsed[0]["id"] == booking_id:
                return _settled(lapsed[0])
            raise missing
        sessions = await _sessions_of(connection, [hold])
    if hold.pool not in sessions:
        raise missing
    return await _open(resources, hold, sessions[hold.pool])


async def _sessions_of(connection: Connection, holds: Sequence[Hold]) -> Mapping[str, Record]:
    """What the holds' sessions show, by pool."""
    if not holds:
        return {}
    numbers = [number for hold in holds if (number := Entity.SESSION.number(hold.pool)) is not None]
    rows = await queries.shown_sessions(connection, numbers)
    return {Entity.SESSION.public(row["id"]): row for row in rows}


def _number(hold: Hold) -> int:
    return Entity.BOOKING.number(hold.id) or 0


async def _open(resources: Resources, hold: Hold, session: Record) -> Booking:
    chosen: Sequence[ChosenSeat] = ()
    if hold.labels and session["seat_plan_id"] is not None:
        chosen = await priced_hold(resources, hold, session["price"])
    return Booking(
        id=_number(hold),
        session_id=session["id"],
        reserved_seats=hold.seats,
        created_at=hold.opened_at,
        closes_at=hold.closes_at,
        confirmed_at=None,
        cancelled_at=None,
        status="open",
        movie=MovieTitle(id=session["movie_id"], title=session["movie_title"]),
        place=PlaceName(id=session["place_id"], name=session["place_name"]),
        **_seats(chosen),
    )


def _settled(row: Record) -> Booking:
    return Booking(
        id=row["id"],
        session_id=row["session_id"],
        reserved_seats=row["seats"],
        created_at=row["created_at"],
        closes_at=row["closes_at"],
        confirmed_at=row["confirmed_at"],
        cancelled_at=row["cancelled_at"],
        status=row["status"],
        movie=MovieTitle(id=row["movie_id"], title=row["movie_title"]),
        place=PlaceName(id=row["place_id"], name=row["place_name"]),
        **_seats(chosen_of(row)),
    )


def _seats(chosen: Sequence[ChosenSeat]) -> dict[str, Any]:
    """What bookings of sessions with a seat plan have besides."""
    return {"seats": chosen, "total": total(chosen)} if chosen else {}
