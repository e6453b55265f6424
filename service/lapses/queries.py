"""The SQL of lapsed holds."""

from collections.abc import Sequence
from datetime import timedelta

from service.postgres import Connection


async def insert_lapses(connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert lapsed holds, each `(id, session_id, user_id, seats, opened_at, closes_at, reason)`.

    Left out are those that are there already, those of a session that is gone, and those that were sold after all:
    what Redis was not told of a sale lapses there.
    """
    await connection.execute(
        """
        INSERT INTO lapsed_holds (id, session_id, user_id, seats, opened_at, closes_at, reason)
        SELECT lapse.id, session_id, user_id, seats, opened_at, closes_at, reason
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[], $5::timestamptz[], $6::timestamptz[],
                    $7::text[])
             AS lapse (id, session_id, user_id, seats, opened_at, closes_at, reason)
        JOIN sessions ON sessions.id = session_id JOIN users ON users.id = user_id
        WHERE NOT EXISTS (SELECT FROM bookings WHERE bookings.id = lapse.id)
        ON CONFLICT (id) DO NOTHING
        """,
        *zip(*rows, strict=True),
    )


async def delete_lapses(connection: Connection, older_than: timedelta, limit: int) -> int:
    """Delete some of the lapsed holds that were opened longer ago, the oldest first; how many that were."""
    deleted: int = await connection.fetchval(
        """
        WITH oldest AS (
            SELECT id, opened_at FROM lapsed_holds ORDER BY id LIMIT $2
        ), deleted AS (
            DELETE FROM lapsed_holds
            WHERE id IN (SELECT id FROM oldest WHERE opened_at < now() - $1::interval) RETURNING id
        )
        SELECT count(*) FROM deleted
        """,
        older_than,
        limit,
    )
    return deleted
