"""The SQL of events."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from service.postgres import Connection

DELETION_SECONDS = 10.0
"""How long it may take to delete an event with its cancelled tickets, however many there are."""


async def page_of_events(connection: Connection, after: datetime, limit: int) -> list[Record]:
    """`limit` events that start after a moment, by start, and the others that start with the last of them.

    `goes_on` says whether any start later than these.
    """
    return await connection.fetch(
        """
        WITH page AS MATERIALIZED (
            SELECT id, pool, name, starts_at, address, description, latitude, longitude FROM events
            WHERE starts_at > $1 ORDER BY starts_at FETCH FIRST $2 ROWS WITH TIES
        )
        SELECT id, pool, name, starts_at, address, description, latitude, longitude,
               (
                   -- Ordered, so that the index is asked: EXISTS alone would ask the whole table at the list's end.
                   SELECT true FROM events WHERE starts_at > (SELECT max(starts_at) FROM page)
                   ORDER BY starts_at LIMIT 1
               ) IS NOT NULL AS goes_on
        FROM page ORDER BY starts_at, id
        """,
        after,
        limit,
    )


async def event(connection: Connection, event_id: UUID) -> Record | None:
    """An event as a page has it, with which the list ends."""
    return await connection.fetchrow(
        """
        SELECT id, pool, name, starts_at, address, description, latitude, longitude, false AS goes_on
        FROM events WHERE id = $1
        """,
        event_id,
    )


async def seats(connection: Connection, pools: Sequence[int]) -> list[Record]:
    """What the pools have in all, and how much of it is booked."""
    return await connection.fetch("SELECT id, capacity, sold FROM inventory WHERE id = ANY($1::bigint[])", pools)


async def pool_of(connection: Connection, event_id: UUID) -> Record | None:
    """An event's pool and its seat count."""
    return await connection.fetchrow(
        "SELECT pool, capacity FROM events JOIN inventory ON inventory.id = pool WHERE events.id = $1", event_id
    )


async def insert_event(
    connection: Connection,
    event_id: UUID,
    pool: int,
    *,
    name: str,
    starts_at: datetime,
    address: str,
    description: str,
    latitude: float | None,
    longitude: float | None,
    capacity: int,
) -> None:
    """Insert an event with its pool."""
    await connection.execute(
        """
        WITH inserted AS (
            INSERT INTO inventory (id, capacity, sales_end) VALUES ($2, $9, $4) RETURNING id
        )
        INSERT INTO events (id, pool, name, starts_at, address, description, latitude, longitude)
        SELECT $1, id, $3, $4, $5, $6, $7, $8 FROM inserted
        """,
        event_id,
        pool,
        name,
        starts_at,
        address,
        description,
        latitude,
        longitude,
        capacity,
    )


async def update_event(
    connection: Connection,
    event_id: UUID,
    *,
    name: str | None,
    starts_at: datetime | None,
    address: str | None,
    description: str | None,
    latitude: float | None,
    longitude: float | None,
) -> None:
    """Set what is not None."""
    await connection.execute(
        """
        UPDATE events
        SET name = COALESCE($2, name), starts_at = COALESCE($3, starts_at), address = COALESCE($4, address),
            description = COALESCE($5, description), latitude = COALESCE($6, latitude),
            longitude = COALESCE($7, longitude)
        WHERE id = $1
        """,
        event_id,
        name,
        starts_at,
        address,
        description,
        latitude,
        longitude,
    )


async def update_inventory(
    connection: Connection, pool: int, capacity: int | None, sales_end: datetime | None
) -> Record:
    """The row of an event's pool, once what is not None is set. `inventory_not_oversold` may refuse.

    Where it has fewer seats than before, that counts as a change of its line: some may wait for more.
    """
    row = await connection.fetchrow(
        """
        UPDATE inventory
        SET capacity = COALESCE($2, capacity), sales_end = COALESCE($3, sales_end),
            line_version = line_version + (line_version > 0 AND capacity > COALESCE($2, capacity))::int
        WHERE id = $1
        RETURNING id, capacity, sold, sales_end, version, line_version
        """,
        pool,
        capacity,
        sales_end,
    )
    assert row is not None  # noqa: S101  # it is locked
    return row


async def delete_event(connection: Connection, event_id: UUID) -> None:
    """Delete an event with its cancelled tickets."""
    await connection.execute("DELETE FROM events WHERE id = $1", event_id, timeout=DELETION_SECONDS)


async def delete_inventory(connection: Connection, pool: int) -> None:
    """A pool goes after its event."""
    await connection.execute("DELETE FROM inventory WHERE id = $1", pool)
