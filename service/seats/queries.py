"""The SQL of numbered sessions."""

from asyncpg import Record

from service.postgres import Connection


async def seated_session(connection: Connection, session_id: int) -> Record | None:
    """A session's price and seat plan, null where its seats are counted, and whether it is cancelled."""
    return await connection.fetchrow(
        """
        SELECT price, cancelled_at IS NOT NULL AS cancelled, seat_plan_id
        FROM sessions JOIN inventory USING (id) WHERE id = $1
        """,
        session_id,
    )
