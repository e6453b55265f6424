"""The list of bookings reads an index, whatever the table's size."""

import asyncpg
import pytest

from service.bookings import queries
from service.ids import MAX_NUMBER
from service.settings import Settings
from tests.service.bookings.conftest import NewSession
from tests.service.catalogue.plans import ExplainingConnection
from tests.service.factories import Account


@pytest.mark.parametrize("status", [None, "confirmed"])
async def test_a_page_of_bookings_reads_an_index(
    settings: Settings, customer: Account, new_session: NewSession, status: str | None
) -> None:
    showing = await new_session()
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute(
            "INSERT INTO users (id, email) SELECT n, n || '@x.test' FROM generate_series(1, 200) AS n"
        )
        await connection.execute(
            """
            INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at,
                                  reserved_at, confirmed_at)
            SELECT n, $1, CASE n % 200 WHEN 0 THEN $2::bigint ELSE n % 200 END, 1, 'confirmed', 900, 'EUR',
                   now(), now(), now(), now()
            FROM generate_series(1, 40000) AS n
            """,
            showing.session_id,
            customer.user_id,
        )
        await connection.execute(
            """
            INSERT INTO booking_seats (session_id, label, booking_id, position, kind, price, released)
            SELECT session_id, 'A1', id, 0, 'standard', 900, true FROM bookings
            """
        )
        await connection.execute("ANALYZE")
        explaining = ExplainingConnection(connection)
        rows = await queries.page_of_user(explaining.as_connection, customer.user_id, MAX_NUMBER, status, 21, [])
    finally:
        await connection.close()
    assert len(rows) == 21
    assert "bookings_of_user" in explaining.plan.indexes
    assert not any(
        node["Node Type"] == "Seq Scan" and node["Relation Name"] in ("bookings", "booking_seats")
        for node in explaining.plan.nodes
    )
    assert explaining.plan.rows_read < 200
