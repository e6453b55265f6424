"""The SQL of bookings."""

from collections.abc import Mapping, Sequence

import orjson
from asyncpg import Record

from service.postgres import Connection

REFUND_SECONDS = 10.0
"""How long it may take to cancel the bookings of a session, however many there are."""

# The numbered seats of a booking that was sold, null where seats are counted.
_CHOSEN = """
(SELECT json_agg(json_build_object('label', label, 'kind', kind, 'price', booking_seats.price) ORDER BY position)
 FROM booking_seats WHERE booking_id = bookings.id) AS chosen
"""


async def settled(connection: Connection, booking_ids: Sequence[int]) -> list[Record]:
    """The bookings among `booking_ids` that are confirmed or cancelled."""
    return await connection.fetch(
        f"""
        SELECT id, session_id, user_id, seats, status, created_at, closes_at, confirmed_at, cancelled_at, {_CHOSEN}
        FROM bookings WHERE id = ANY($1::bigint[])
        """,  # noqa: S608  # a constant
        booking_ids,
    )


async def sell(connection: Connection, rows: Sequence[Mapping[str, object]]) -> list[Record]:
    """Insert settled bookings, add the confirmed ones' seats to their inventory, queue their e-mails: in one statement.

    The e-mails are one job: one for each of a crowd's bookings would slow all of them down.

    A row has `id`, `session_id`, `user_id`, `seats` and `status`, and `opened_at`, `closes_at` and `reserved_at` in ms
    since the Unix epoch; one whose id is taken is left out, and so are its seats. Returns each booking inserted with
    its inventory row as it is now, nulls where that has not changed. The constraint `inventory_not_oversold` refuses
    all of them when one would oversell. Rows travel as one JSON text, which costs the sender less than an array for
    each column.
    """
    return await connection.fetch(
        """
        WITH inserted AS (
            INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at,
                                  reserved_at, confirmed_at, cancelled_at)
            SELECT sale.id, sale.session_id, sale.user_id, sale.seats, sale.status, sessions.price, sessions.currency,
                   'epoch'::timestamptz + sale.opened_at * interval '1 ms',
                   'epoch'::timestamptz + sale.closes_at * interval '1 ms',
                   'epoch'::timestamptz + sale.reserved_at * interval '1 ms',
                   CASE sale.status WHEN 'confirmed' THEN clock_timestamp() END,
                   CASE sale.status WHEN 'cancelled' THEN clock_timestamp() END
            FROM json_to_recordset($1::text::json) AS sale (
                id bigint, session_id bigint, user_id bigint, seats int, status text,
                opened_at bigint, closes_at bigint, reserved_at bigint
            )
            JOIN sessions ON sessions.id = sale.session_id
            ON CONFLICT (id) DO NOTHING
            RETURNING id, session_id, user_id, seats, status, created_at, closes_at, confirmed_at, cancelled_at
        ), changed AS (
            UPDATE inventory SET sold = inventory.sold + confirmed.seats
            FROM (SELECT session_id, sum(seats)::int AS seats FROM inserted WHERE status = 'confirmed'
                  GROUP BY session_id) AS confirmed
            WHERE inventory.id = confirmed.session_id
            RETURNING inventory.id, capacity, sold, sales_end, version
        ), queued AS (
            INSERT INTO pgqueuer (priority, status, entrypoint, payload)
            SELECT 0, 'queued', 'booking-confirmed-mail',
                   convert_to(json_build_object('bookings', json_agg('bkg_' || id))::text, 'UTF8')
            FROM inserted WHERE status = 'confirmed' HAVING count(*) > 0
        )
        SELECT inserted.*, capacity, sold, sales_end, version
        FROM inserted LEFT JOIN changed ON changed.id = inserted.session_id
        """,
        orjson.dumps(rows).decode(),
    )


async def sell_seats(
    connection: Connection, rows: Sequence[Mapping[str, object]], seats: Sequence[tuple[object, ...]]
) -> list[Record]:
    """`sell`, where some of the bookings have numbered seats: the very same update marks those as sold.

    A row has its `supplements` besides. A seat is `(booking_id, label, position, kind, supplement)`, of a confirmed
    booking. The index `booking_seats_one_owner` refuses all of them when one seat has an owner already.
    """
    return await connection.fetch(
        """
        WITH inserted AS (
            INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at,
                                  reserved_at, confirmed_at, cancelled_at, supplements)
            SELECT sale.id, sale.session_id, sale.user_id, sale.seats, sale.status, sessions.price, sessions.currency,
                   'epoch'::timestamptz + sale.opened_at * interval '1 ms',
                   'epoch'::timestamptz + sale.closes_at * interval '1 ms',
                   'epoch'::timestamptz + sale.reserved_at * interval '1 ms',
                   CASE sale.status WHEN 'confirmed' THEN clock_timestamp() END,
                   CASE sale.status WHEN 'cancelled' THEN clock_timestamp() END, sale.supplements
            FROM json_to_recordset($1::text::json) AS sale (
                id bigint, session_id bigint, user_id bigint, seats int, status text,
                opened_at bigint, closes_at bigint, reserved_at bigint, supplements int
            )
            JOIN sessions ON sessions.id = sale.session_id
            ON CONFLICT (id) DO NOTHING
            RETURNING id, session_id, user_id, seats, status, unit_price, created_at, closes_at, confirmed_at,
                      cancelled_at
        ), owned AS (
            INSERT INTO booking_seats (session_id, label, booking_id, position, kind, price)
            SELECT session_id, label, booking_id, position, kind, unit_price + supplement
            FROM unnest($2::bigint[], $3::text[], $4::int[], $5::text[], $6::int[])
                 AS seat (booking_id, label, position, kind, supplement)
            JOIN inserted ON inserted.id = booking_id
            RETURNING session_id, booking_id, label, position, kind, price
        ), changed AS (
            UPDATE inventory SET sold = inventory.sold + confirmed.seats, sold_seats = COALESCE(
                (SELECT bit_or(set_bit(inventory.sold_seats, position, 1)) FROM owned WHERE session_id = inventory.id),
                inventory.sold_seats
            )
            FROM (SELECT session_id, sum(seats)::int AS seats FROM inserted WHERE status = 'confirmed'
                  GROUP BY session_id) AS confirmed
            WHERE inventory.id = confirmed.session_id
            RETURNING inventory.id, capacity, sold, sales_end, version, seat_plan_id, sold_seats::text
        ), queued AS (
            INSERT INTO pgqueuer (priority, status, entrypoint, payload)
            SELECT 0, 'queued', 'booking-confirmed-mail',
                   convert_to(json_build_object('bookings', json_agg('bkg_' || id))::text, 'UTF8')
            FROM inserted WHERE status = 'confirmed' HAVING count(*) > 0
        ), chosen AS (
            SELECT booking_id, json_agg(json_build_object('label', label, 'kind', kind, 'price', price)
                                        ORDER BY position) AS chosen
            FROM owned GROUP BY booking_id
        )
        SELECT inserted.*, capacity, sold, sales_end, version, seat_plan_id, sold_seats, chosen
        FROM inserted LEFT JOIN changed ON changed.id = inserted.session_id
        LEFT JOIN chosen ON booking_id = inserted.id
        """,
        orjson.dumps(rows).decode(),
        *zip(*seats, strict=True),
    )


async def settled_of_user(connection: Connection, booking_id: int, user_id: int) -> Record | None:
    """A user's confirmed or cancelled booking."""
    return await connection.fetchrow(
        f"""
        SELECT id, session_id, seats, status, created_at, closes_at, confirmed_at, cancelled_at, {_CHOSEN}
        FROM bookings WHERE id = $1 AND user_id = $2
        """,  # noqa: S608  # a constant
        booking_id,
        user_id,
    )


async def mailed_booking(connection: Connection, booking_id: int) -> Record | None:
    """What e-mails say of a booking, and to which address; None for an erased user's, or where there is none.

    `local_start` is by the clocks of the place, `labels` null where seats are counted.
    """
    return await connection.fetchrow(
        """
        SELECT bookings.id, status, seats, seats::bigint * unit_price + supplements AS total, bookings.currency,
               (SELECT string_agg(label, ', ' ORDER BY position) FROM booking_seats WHERE booking_id = bookings.id)
                   AS labels, confirmed_at,
               movies.title AS movie, places.name AS place, address, starts_at AT TIME ZONE timezone AS local_start,
               sessions.cancelled_at IS NOT NULL AS session_cancelled, email
        FROM bookings JOIN users ON users.id = user_id JOIN sessions ON sessions.id = session_id
        JOIN movies ON movies.id = movie_id JOIN places ON places.id = place_id
        WHERE bookings.id = $1 AND email IS NOT NULL
        """,
        booking_id,
    )


async def refundable(connection: Connection, booking_id: int) -> Record | None:
    """A confirmed or cancelled booking with its session's place and start.

    `too_late`: the session starts within two hours, or has started.
    """
    return await connection.fetchrow(
        f"""
        SELECT bookings.id, session_id, user_id, seats, status, bookings.created_at, closes_at, confirmed_at,
               bookings.cancelled_at, place_id, starts_at, starts_at <= now() + interval '2 hours' AS too_late,
               {_CHOSEN}
        FROM bookings JOIN sessions ON sessions.id = session_id WHERE bookings.id = $1
        """,  # noqa: S608  # a constant
        booking_id,
    )


async def refund_booking(connection: Connection, booking_id: int, note: str | None) -> Record | None:
    """Cancel a confirmed booking; its row as it is then, None when it is not confirmed."""
    return await connection.fetchrow(
        f"""
        UPDATE bookings SET status = 'cancelled', cancelled_at = clock_timestamp(), refund_note = $2
        WHERE id = $1 AND status = 'confirmed'
        RETURNING id, session_id, user_id, seats, status, created_at, closes_at, confirmed_at, cancelled_at, {_CHOSEN}
        """,  # noqa: S608  # a constant
        booking_id,
        note,
    )


async def refund_session(connection: Connection, session_id: int) -> list[int]:
    """Cancel all confirmed bookings of a session, and release their seats; their ids."""
    rows = await connection.fetch(
        """
        WITH released AS (UPDATE booking_seats SET released = true WHERE session_id = $1 AND NOT released)
        UPDATE bookings SET status = 'cancelled', cancelled_at = clock_timestamp()
        WHERE session_id = $1 AND status = 'confirmed' RETURNING id
        """,
        session_id,
        timeout=REFUND_SECONDS,
    )
    return [row["id"] for row in rows]


async def give_back(connection: Connection, session_id: int, booking_id: int, seats: int) -> list[Record]:
    """The seats of a booking are for sale again; the one changed inventory row, as it is then."""
    return await connection.fetch(
        """
        WITH released AS (
            UPDATE booking_seats SET released = true WHERE booking_id = $2 AND NOT released RETURNING position
        )
        UPDATE inventory SET sold = sold - $3, sold_seats = COALESCE(
            (SELECT bit_and(set_bit(inventory.sold_seats, position, 0)) FROM released), sold_seats
        )
        WHERE id = $1
        RETURNING id, capacity, sold, sales_end, version, seat_plan_id, sold_seats::text
        """,
        session_id,
        booking_id,
        seats,
    )


async def session_state(connection: Connection, session_id: int) -> Record | None:
    """Whether a session is cancelled."""
    return await connection.fetchrow(
        "SELECT cancelled_at IS NOT NULL AS cancelled FROM sessions WHERE id = $1", session_id
    )


async def shown_sessions(connection: Connection, session_ids: Sequence[int]) -> list[Record]:
    """What a booking shows of its session: movie and place, price and seat plan."""
    return await connection.fetch(
        """
        SELECT sessions.id, movie_id, movies.title AS movie_title, place_id, places.name AS place_name, price,
               (SELECT seat_plan_id FROM inventory WHERE inventory.id = sessions.id) AS seat_plan_id
        FROM sessions JOIN movies ON movies.id = movie_id JOIN places ON places.id = place_id
        WHERE sessions.id = ANY($1::bigint[])
        """,
        session_ids,
    )


async def lapsed_of_user(connection: Connection, user_id: int, before: int, limit: int) -> list[Record]:
    """A page of a user's recorded bookings that expired, newest first, below the id `before`."""
    return await connection.fetch(
        """
        SELECT lapsed_holds.id, session_id, seats, opened_at AS created_at, closes_at, NULL AS confirmed_at,
               NULL AS cancelled_at, 'expired' AS status,
               movie_id, movies.title AS movie_title, place_id, places.name AS place_name
        FROM lapsed_holds
        JOIN sessions ON sessions.id = session_id
        JOIN movies ON movies.id = movie_id
        JOIN places ON places.id = place_id
        WHERE user_id = $1 AND lapsed_holds.id < $2
          AND NOT EXISTS (SELECT FROM bookings WHERE bookings.id = lapsed_holds.id)
        ORDER BY lapsed_holds.id DESC LIMIT $3
        """,
        user_id,
        before,
        limit,
    )


_FILTERS: Mapping[str | None, tuple[Sequence[str], Sequence[bool]]] = {
    None: (("confirmed", "cancelled"), (False, True)),
    "open": ((), ()),
    "confirmed": (("confirmed",), (False,)),
    "completed": (("confirmed",), (True,)),
    "cancelled": (("cancelled",), (False, True)),
    "expired": ((), ()),
}
"""The rows that a status stands for: their own status, and whether their session may have ended."""


async def page_of_user(
    connection: Connection, user_id: int, before: int, status: str | None, limit: int, among: Sequence[int]
) -> list[Record]:
    """A page of a user's settled bookings, newest first, and those `among` the given ids besides.

    The page begins below the id `before`. `status` is `confirmed`, `completed`, `cancelled`, or None for all.
    """
    return await connection.fetch(
        f"""
        SELECT bookings.id, session_id, seats, bookings.created_at, closes_at, confirmed_at, bookings.cancelled_at,
               CASE WHEN status = 'confirmed' AND sessions.ends_at <= now() THEN 'completed' ELSE status END AS status,
               movie_id, movies.title AS movie_title, place_id, places.name AS place_name, {_CHOSEN}
        FROM (
            (SELECT bookings.id FROM bookings JOIN sessions ON sessions.id = session_id
             WHERE user_id = $1 AND bookings.id < $2
               AND status = ANY($3::text[]) AND (ends_at <= now()) = ANY($4::bool[])
             ORDER BY bookings.id DESC LIMIT $5)
            UNION
            SELECT unnest($6::bigint[])
        ) AS wanted JOIN bookings USING (id)
        JOIN sessions ON sessions.id = session_id
        JOIN movies ON movies.id = movie_id
        JOIN places ON places.id = place_id
        ORDER BY bookings.id DESC
        """,  # noqa: S608  # a constant
        user_id,
        before,
        *_FILTERS[status],
        limit,
        among,
    )
