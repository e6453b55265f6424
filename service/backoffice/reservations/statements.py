"""The statements that list reservations, put together from constants: one for each choice of filters.

A statement for each keeps the planner's choice of an index free. Those that say something of the session look up the
sessions and the last reservation of each, then a page of each of the few sessions whose last ones are the latest: only
these can be on the page. The others walk the reservations, of all, of a session or of a user, or the few that were
cancelled. Every statement has all parameters: `$1` the id before the page (null for the first page), `$2` the number of
rows, `$3` a session, `$4` a movie, `$5` a place, `$6` an e-mail address, `$7` and `$8` the first and the last day, `$9`
a manager, of whose places they are.
"""

from functools import cache

from service.backoffice.reservations.schemas import Status

OF_RESERVATION = {
    "session": ("session_id = $3::bigint", "$3::bigint IS NULL"),
    "email": ("user_id = (SELECT id FROM users WHERE email = $6::text::citext)", "$6::text IS NULL"),
}
OF_SESSION = {
    "movie": ("movie_id = $4::bigint", "$4::bigint IS NULL"),
    "place": ("place_id = $5::bigint", "$5::bigint IS NULL"),
    "from": ("airs_on >= $7::date", "$7::date IS NULL"),
    "to": ("airs_on <= $8::date", "$8::date IS NULL"),
    "manager": ("place_id IN (SELECT place_id FROM manager_places WHERE user_id = $9::bigint)", "$9::bigint IS NULL"),
}
"""For each filter the condition where it is given, and where it is not."""
_STATUS: dict[Status | None, tuple[str, str]] = {
    None: ("true", "true"),
    # The day says no more than the end does, wherever the place is; it has an index.
    "confirmed": ("status = 'confirmed'", "ends_at > now() AND airs_on >= current_date - 3"),
    "completed": ("status = 'confirmed'", "ends_at <= now()"),
    "cancelled": ("status = 'cancelled'", "true"),
}
"""What a status says of the reservation, and of its session."""
_BEFORE = "bookings.id < COALESCE($1::bigint, 9223372036854775807)"

COLUMNS = """
bookings.id, user_id, (SELECT email FROM users WHERE users.id = user_id) AS email, session_id,
movie_id, (SELECT title FROM movies WHERE movies.id = movie_id) AS movie_title,
place_id, (SELECT name FROM places WHERE places.id = place_id) AS place_name,
starts_at, seats, unit_price, seats::bigint * unit_price + supplements AS total,
(SELECT array_agg(label ORDER BY position) FROM booking_seats WHERE booking_id = bookings.id) AS seat_labels,
bookings.currency, bookings.created_at, confirmed_at, bookings.cancelled_at, refund_note,
CASE WHEN status = 'confirmed' AND ends_at <= now() THEN 'completed' ELSE status END AS status
"""


@cache
def page_of(given: frozenset[str], status: Status | None) -> str:
    """The statement for the filters that are `given`, the last reservation first."""
    conditions = {
        name: one[name not in given] for one_of in (OF_RESERVATION, OF_SESSION) for name, one in one_of.items()
    }
    status_of_reservation, status_of_session = _STATUS[status]
    of_reservation = " AND ".join([_BEFORE, status_of_reservation, *(conditions[name] for name in OF_RESERVATION)])
    of_session = " AND ".join([status_of_session, *(conditions[name] for name in OF_SESSION)])
    found = (_of_sessions if _goes_by_session(given, status) else _walked)(of_reservation, of_session)
    # S608: nothing but the constants above is put in.
    return f"""
        SELECT {COLUMNS} FROM ({found}) AS found JOIN bookings ON bookings.id = found.id
        JOIN sessions ON sessions.id = session_id ORDER BY bookings.id DESC
    """  # noqa: S608


def _goes_by_session(given: frozenset[str], status: Status | None) -> bool:
    if given & OF_RESERVATION.keys():
        return False
    if status == "cancelled":
        return bool(given & OF_SESSION.keys() - {"manager"})
    return status is not None or bool(given & OF_SESSION.keys())


def _of_sessions(of_reservation: str, of_session: str) -> str:
    last = f"SELECT bookings.id FROM bookings WHERE session_id = sessions.id AND {of_reservation}"  # noqa: S608
    return f"""
        SELECT page.id FROM (
            SELECT sessions.id FROM sessions
            CROSS JOIN LATERAL ({last} ORDER BY bookings.id DESC LIMIT 1) AS last
            WHERE {of_session} ORDER BY last.id DESC LIMIT $2
        ) AS sessions CROSS JOIN LATERAL ({last} ORDER BY bookings.id DESC LIMIT $2) AS page
        ORDER BY page.id DESC LIMIT $2
    """  # noqa: S608


def _walked(of_reservation: str, of_session: str) -> str:
    return f"""
        SELECT bookings.id FROM bookings JOIN sessions ON sessions.id = session_id
        WHERE {of_reservation} AND {of_session} ORDER BY bookings.id DESC LIMIT $2
    """  # noqa: S608
