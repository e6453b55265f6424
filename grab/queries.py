"""The SQL with which the crowd lends itself accounts, chooses sessions, and checks what was sold."""

from collections.abc import Sequence

from asyncpg import Record

from service.postgres import Connection


async def accounts(connection: Connection, ids: Sequence[int]) -> list[int]:
    """As many customers of the crowd's own as there are `ids`, which the new ones get. Nobody can sign in as them."""
    await connection.execute(
        """
        INSERT INTO users (id, email)
        SELECT id, 'grab' || number || '@holdfast.example'
        FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, number)
        ON CONFLICT (email) DO NOTHING
        """,
        ids,
    )
    found = await connection.fetch(
        """
        SELECT users.id FROM generate_series(1, $1::int) AS number
        JOIN users ON users.email = 'grab' || number || '@holdfast.example'
        WHERE role = 'customer' AND token_generation = 0
        """,
        len(ids),
    )
    return [row["id"] for row in found]


async def fullest_sessions(connection: Connection, limit: int) -> list[int]:
    """Coming sessions with a fifth or more of their seats left, those with the fewest left first."""
    rows = await connection.fetch(
        """
        SELECT id FROM sessions JOIN inventory USING (id)
        WHERE cancelled_at IS NULL AND sales_end > now() + interval '15 minutes' AND sold <= capacity * 0.8
        ORDER BY sold::float / nullif(capacity, 0) DESC NULLS LAST, capacity DESC, id LIMIT $1
        """,
        limit,
    )
    return [row["id"] for row in rows]


async def sold(connection: Connection, session_ids: Sequence[int]) -> int:
    """The seats sold in all of the sessions."""
    total: int = await connection.fetchval(
        "SELECT coalesce(sum(sold), 0) FROM inventory WHERE id = ANY($1::bigint[])", session_ids
    )
    return total


async def seats_of_sessions(connection: Connection, session_ids: Sequence[int]) -> list[Record]:
    """What the inventory says of each session, and what its confirmed bookings add up to, at one moment."""
    return await connection.fetch(
        """
        SELECT id, capacity, sold,
               (SELECT coalesce(sum(seats), 0) FROM bookings
                WHERE session_id = inventory.id AND status = 'confirmed') AS booked
        FROM inventory WHERE id = ANY($1::bigint[]) ORDER BY id
        """,
        session_ids,
    )


async def confirmed_seats(connection: Connection, booking_ids: Sequence[int]) -> dict[int, int]:
    """The seats of those among the bookings that are confirmed."""
    rows = await connection.fetch(
        "SELECT id, seats FROM bookings WHERE id = ANY($1::bigint[]) AND status = 'confirmed'", booking_ids
    )
    return {row["id"]: row["seats"] for row in rows}
