"""The SQL of the ticketing API's analytics. `inventory.sold` is how many tickets are booked now."""

from asyncpg import Record

from service.postgres import Connection


async def sales(connection: Connection) -> list[Record]:
    """Every event with its seats, and with the tickets that are booked in all and since midnight UTC."""
    return await connection.fetch(
        """
        SELECT events.id AS event_id, capacity AS total_seats, sold AS sold_tickets,
               sold / capacity::float8 AS capacity_utilisation, COALESCE(tickets, 0) AS today_booked_tickets
        FROM events
        JOIN inventory ON inventory.id = pool
        LEFT JOIN (
            SELECT event_id, count(*) AS tickets FROM tickets
            WHERE cancelled_at IS NULL AND booked_at >= date_trunc('day', now(), 'UTC')
            GROUP BY event_id
        ) AS today ON event_id = events.id
        ORDER BY capacity_utilisation DESC, events.id
        """
    )


async def cancellation_rates(connection: Connection) -> list[Record]:
    """Every event with the part of its tickets that were cancelled, of all that were ever booked.

    Those are the booked and the cancelled: one that is cancelled and sold again is another ticket.
    """
    return await connection.fetch(
        """
        SELECT events.id AS event_id,
               COALESCE(cancelled_tickets / NULLIF(sold + cancelled_tickets, 0)::float8, 0) AS cancellation_rate
        FROM events JOIN inventory ON inventory.id = pool
        ORDER BY cancellation_rate DESC, events.id
        """
    )
