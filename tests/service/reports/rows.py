"""Bookings, lapsed holds and visits, made and changed as the service does, in the order that a test wants."""

from datetime import datetime
from itertools import count

from service.postgres import Postgres

_numbers = count(1)


class Rows:
    """Writes rows, each in a transaction of its own."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    async def book(
        self,
        session_id: int,
        user_id: int,
        seats: int,
        *,
        price: int = 1_200,
        supplements: int = 0,
        currency: str = "EUR",
        sold: bool = True,
    ) -> int:
        """A confirmed booking, or one that its customer cancelled while it was open."""
        number = next(_numbers)
        await self._execute(
            """
            WITH booked AS (
                INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at,
                                      closes_at, confirmed_at, cancelled_at, supplements)
                VALUES ($1, $2, $3, $4, CASE WHEN $7 THEN 'confirmed' ELSE 'cancelled' END, $5, $6, now(), now(),
                        CASE WHEN $7 THEN now() END, CASE WHEN NOT $7 THEN now() END, $8)
            )
            UPDATE inventory SET sold = sold + CASE WHEN $7 THEN $4 ELSE 0 END WHERE id = $2
            """,
            *(number, session_id, user_id, seats, price, currency, sold, supplements),
        )
        return number

    async def refund(self, session_id: int, booking_ids: list[int]) -> None:
        """Refund those of the bookings that are confirmed."""
        await self._execute(
            """
            WITH refunded AS (
                UPDATE bookings SET status = 'cancelled', cancelled_at = now()
                WHERE id = ANY($2::bigint[]) AND status = 'confirmed' RETURNING seats
            )
            UPDATE inventory SET sold = sold - (SELECT coalesce(sum(seats), 0) FROM refunded) WHERE id = $1
            """,
            session_id,
            booking_ids,
        )

    async def cancel_session(self, session_id: int) -> None:
        """Cancel a session with its bookings."""
        await self._execute(
            """
            WITH closed AS (UPDATE inventory SET capacity = 0, sold = 0 WHERE id = $1),
            refunded AS (
                UPDATE bookings SET status = 'cancelled', cancelled_at = now()
                WHERE session_id = $1 AND status = 'confirmed'
            )
            UPDATE sessions SET cancelled_at = now() WHERE id = $1
            """,
            session_id,
        )

    async def lapse(self, session_id: int, user_id: int, seats: int, reason: str = "lapsed") -> int:
        """A hold that ended without becoming a booking."""
        number = next(_numbers)
        await self._execute(
            """
            INSERT INTO lapsed_holds (id, session_id, user_id, seats, opened_at, closes_at, reason)
            VALUES ($1, $2, $3, $4, now(), now(), $5)
            """,
            *(number, session_id, user_id, seats, reason),
        )
        return number

    async def visit(self, visitor: str, type_: str, path: str, at: datetime) -> None:
        """A page entered or left."""
        await self._execute(
            """
            INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, received_at)
            VALUES ($1, $2, $3, 'https', $4, '{}', $5)
            """,
            *(next(_numbers), visitor, type_, path, at),
        )

    async def assign(self, user_id: int, place_id: int) -> None:
        """Let a manager schedule a place."""
        await self._execute("INSERT INTO manager_places (user_id, place_id) VALUES ($1, $2)", user_id, place_id)

    async def delete_session(self, session_id: int) -> None:
        """With its bookings."""
        await self._execute("DELETE FROM sessions WHERE id = $1", session_id)

    async def _execute(self, statement: str, *values: object) -> None:
        async with self._postgres.acquire() as connection:
            await connection.execute(statement, *values)
