"""The SQL of the ticketing API's users."""

from asyncpg import Record

from service.postgres import Connection


async def bookings_of_user(connection: Connection, user_id: int) -> list[Record]:
    """The user's bookings, the newest first, each with its event and with those of its tickets that are not cancelled.

    Bookings without any are left out.
    """
    return await connection.fetch(
        """
        SELECT event_id, events.name AS event_name, starts_at, address AS event_address,
               description AS event_description, latitude AS event_latitude, longitude AS event_longitude,
               number_of_tickets, booked_at
        FROM ticket_bookings
        CROSS JOIN LATERAL (
            SELECT count(*) AS number_of_tickets FROM tickets
            WHERE booking_id = ticket_bookings.id AND cancelled_at IS NULL
        ) AS counted
        JOIN events ON events.id = event_id
        WHERE user_id = $1 AND number_of_tickets > 0
        ORDER BY ticket_bookings.id DESC
        """,
        user_id,
    )
