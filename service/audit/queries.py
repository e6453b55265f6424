"""The SQL of the auditor."""

from collections.abc import Sequence

from asyncpg import Record

from service.postgres import Connection

_ROWS = """
SELECT inventory.id, capacity, sold, sales_end, version, seat_plan_id, sold_seats::text,
       events.id IS NOT NULL AS of_event,
       (SELECT coalesce(sum(seats), 0) FROM bookings WHERE session_id = inventory.id AND status = 'confirmed')
       + (SELECT count(*) FROM tickets WHERE event_id = events.id AND tickets.cancelled_at IS NULL) AS booked,
       owners, owned
FROM inventory LEFT JOIN events ON pool = inventory.id
LEFT JOIN LATERAL (
    SELECT count(*) AS owners, count(*) FILTER (
        WHERE CASE WHEN position < seat_cells THEN get_bit(sold_seats, position) END = 1
    ) AS owned
    FROM booking_seats WHERE session_id = inventory.id AND NOT released
) AS numbered ON seat_plan_id IS NOT NULL
"""


async def inventory_with_bookings(connection: Connection, numbers: Sequence[int]) -> list[Record]:
    """Inventory rows, each with the seats of its confirmed bookings, or its booked tickets, at the same moment.

    Where seats have numbers, `owners` counts those that belong to a booking, and `owned` the sold ones among them.
    """
    return await connection.fetch(_ROWS + "WHERE inventory.id = ANY($1::bigint[])", numbers)


async def page_of_inventory(connection: Connection, after: int, limit: int) -> list[Record]:
    """`limit` rows as above by id, after the id `after`."""
    return await connection.fetch(_ROWS + "WHERE inventory.id > $1 ORDER BY inventory.id LIMIT $2", after, limit)


async def try_lock(connection: Connection, key: int) -> bool:
    """Whether the connection has the advisory lock `key` from now on until it is closed, or had it already."""
    locked: bool = await connection.fetchval("SELECT pg_try_advisory_lock($1)", key)
    return locked
