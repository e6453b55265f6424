"""The SQL that reads reservations."""

from collections.abc import Sequence

from asyncpg import Record

from service.backoffice.reservations.schemas import ReservationQuery
from service.backoffice.reservations.statements import COLUMNS, page_of
from service.postgres import Connection


async def page_of_reservations(
    connection: Connection, query: ReservationQuery, before: int | None, manager_id: int | None
) -> Sequence[Record]:
    """One reservation more than the page has, the last one first, with ids below `before`.

    Where there is a manager: of the places assigned to that one.
    """
    filters = {
        "session": query.session,
        "movie": query.movie,
        "place": query.place,
        "email": query.email,
        "from": query.from_,
        "to": query.to,
        "manager": manager_id,
    }
    given = frozenset(name for name, value in filters.items() if value is not None)
    return await connection.fetch(page_of(given, query.status), before, query.limit + 1, *filters.values())


async def reservation(connection: Connection, booking_id: int) -> Record | None:
    """A reservation like those of the list."""
    return await connection.fetchrow(
        f"SELECT {COLUMNS} FROM bookings JOIN sessions ON sessions.id = session_id WHERE bookings.id = $1",  # noqa: S608  # a constant
        booking_id,
    )
