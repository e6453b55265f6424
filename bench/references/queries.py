"""The SQL of the reference on `SELECT … FOR UPDATE`."""

from asyncpg import Record

from service.postgres import Connection


async def insert_booking(
    connection: Connection, booking_id: int, session_id: int, user_id: int, seconds: float
) -> Record | None:
    """An open booking without seats, if the session is there and has not started."""
    return await connection.fetchrow(
        """
        INSERT INTO for_update.bookings (id, session_id, user_id, closes_at)
        SELECT $1, id, $3, now() + make_interval(secs => $4)
        FROM sessions WHERE id = $2 AND starts_at > now() AND cancelled_at IS NULL
        RETURNING id, session_id, seats, created_at, closes_at
        """,
        booking_id,
        session_id,
        user_id,
        seconds,
    )


async def lock_booking(connection: Connection, booking_id: int, user_id: int) -> Record | None:
    """The user's open booking with its pool, both locked."""
    return await connection.fetchrow(
        """
        SELECT booking.id, session_id, seats, created_at, closes_at, capacity, sold
        FROM for_update.bookings AS booking JOIN for_update.pools AS pool USING (session_id)
        WHERE booking.id = $1 AND user_id = $2 AND status = 'open' AND closes_at > now()
        FOR UPDATE
        """,
        booking_id,
        user_id,
    )


async def held_by_others(connection: Connection, session_id: int, booking_id: int) -> int:
    """The seats of the session's other live bookings."""
    held: int = await connection.fetchval(
        """
        SELECT coalesce(sum(seats), 0) FROM for_update.bookings
        WHERE session_id = $1 AND status = 'open' AND closes_at > now() AND id <> $2
        """,
        session_id,
        booking_id,
    )
    return held


async def set_seats(connection: Connection, booking_id: int, seats: int) -> None:
    await connection.execute("UPDATE for_update.bookings SET seats = $2 WHERE id = $1", booking_id, seats)


async def confirm(connection: Connection, booking_id: int) -> None:
    await connection.execute("UPDATE for_update.bookings SET status = 'confirmed' WHERE id = $1", booking_id)


async def add_sold(connection: Connection, session_id: int, seats: int) -> None:
    await connection.execute("UPDATE for_update.pools SET sold = sold + $2 WHERE session_id = $1", session_id, seats)
