"""The SQL of the auditor."""

from collections.abc import Sequence

from asyncpg import Record

from service.postgres import Connection

_ROWS = """
SELECT id, capacity, sold, sales_end, version,
       (SELECT coalesce(sum(seats), 0) FROM bookings WHERE session_id = inventory.id AND status = 'confirmed') AS booked
FROM inventory
"""


async def inventory_with_bookings(connection: Connection, session_ids: Sequence[int]) -> list[Record]:
    """Inventory rows, each with the seats of its confirmed bookings at the same moment."""
    return await connection.fetch(_ROWS + "WHERE id = ANY($1::bigint[])", session_ids)


async def page_of_inventory(connection: Connection, after: int, limit: int) -> list[Record]:
    """`limit` rows as above by id, after the id `after`."""
    return await connection.fetch(_ROWS + "WHERE id > $1 ORDER BY id LIMIT $2", after, limit)


async def try_lock(connection: Connection, key: int) -> bool:
    """Whether the connection has the advisory lock `key` from now on until it is closed, or had it already."""
    locked: bool = await connection.fetchval("SELECT pg_try_advisory_lock($1)", key)
    return locked
