"""The SQL of tickets."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from service.postgres import Connection


async def sold_tickets(connection: Connection, ticket_ids: Sequence[UUID]) -> list[Record]:
    """Those of the tickets that were ever booked: whose each is, and whether it was cancelled."""
    return await connection.fetch(
        "SELECT id, user_id, cancelled_at IS NOT NULL AS cancelled FROM tickets WHERE id = ANY($1::uuid[])", ticket_ids
    )


async def sell(connection: Connection, rows: Sequence[tuple[object, ...]]) -> list[Record]:
    """Insert tickets with their bookings, and add them to their pools' inventory, in one statement.

    A row is `(ticket_id, booking_id, pool, user_id)`; tickets with one `booking_id` are of one pool and user. What the
    user waited for is booked by that, too. Returns the inventory rows as they are now. The constraint
    `inventory_not_oversold` and the primary key of tickets refuse all of them when one would be sold twice.
    """
    return await connection.fetch(
        """
        WITH sold AS (
            SELECT ticket.id, ticket.booking_id, events.pool, events.id AS event_id, ticket.user_id,
                   statement_timestamp() AS booked_at
            FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[])
                 AS ticket (id, booking_id, pool, user_id)
            JOIN events ON events.pool = ticket.pool
        ), bookings AS (
            INSERT INTO ticket_bookings (id, event_id, user_id, booked_at)
            SELECT DISTINCT booking_id, event_id, user_id, booked_at FROM sold
        ), booked AS (
            INSERT INTO tickets (id, booking_id, event_id, user_id, booked_at)
            SELECT id, booking_id, event_id, user_id, booked_at FROM sold
        ), waited AS (
            UPDATE waitlist_entries SET status = 'booked'
            FROM (SELECT user_id, event_id, array_agg(id) AS ids FROM sold GROUP BY user_id, event_id) AS bought
            WHERE waitlist_entries.user_id = bought.user_id AND waitlist_entries.event_id = bought.event_id
              AND status <> 'booked' AND ticket_ids && bought.ids
        )
        UPDATE inventory SET sold = inventory.sold + added.tickets
        FROM (SELECT pool, count(*)::int AS tickets FROM sold GROUP BY pool) AS added
        WHERE inventory.id = added.pool
        RETURNING inventory.id, capacity, sold, sales_end, version, line_version
        """,
        *zip(*rows, strict=True),
    )


async def newest_booked(connection: Connection, event_id: UUID, user_id: int, limit: int) -> list[UUID]:
    """The user's newest tickets of the event that are booked."""
    rows = await connection.fetch(
        """
        SELECT id FROM tickets WHERE user_id = $2 AND event_id = $1 AND cancelled_at IS NULL
        ORDER BY booked_at DESC, id DESC LIMIT $3
        """,
        event_id,
        user_id,
        limit,
    )
    return [row["id"] for row in rows]


async def cancel(connection: Connection, pool: int, ticket_ids: Sequence[UUID]) -> Record:
    """Cancel booked tickets of one pool, whose inventory row must be locked; the row as it is now."""
    row = await connection.fetchrow(
        """
        WITH cancelled AS (
            UPDATE tickets SET cancelled_at = statement_timestamp()
            WHERE id = ANY($2::uuid[]) AND cancelled_at IS NULL
            RETURNING id
        ), counted AS (
            UPDATE events SET cancelled_tickets = cancelled_tickets + (SELECT count(*) FROM cancelled) WHERE pool = $1
        )
        UPDATE inventory SET sold = sold - (SELECT count(*)::int FROM cancelled) WHERE id = $1
        RETURNING capacity, sold, sales_end, version, line_version
        """,
        pool,
        ticket_ids,
    )
    assert row is not None  # noqa: S101  # it is locked
    return row
