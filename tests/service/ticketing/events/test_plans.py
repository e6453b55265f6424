"""The list of events reads indexes, wherever it begins, among 100,000 events; what organisers measure is in time."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from service.embedded import EmbeddedPostgres
from service.postgres import COMMAND_SECONDS
from service.ticketing.analytics import queries as analytics
from service.ticketing.events import queries
from service.ticketing.users.queries import bookings_of_user
from service.ticketing.waitlist import queries as waitlist
from tests.conftest import create_database, database_url, drop_database
from tests.service.catalogue.plans import ExplainingConnection, RepeatingConnection

EVENTS = 100_000
PAGE = 10
FIRST = datetime(2030, 1, 1, tzinfo=UTC)

_FILL = """
SET session_replication_role = replica;  -- What belongs together is given so.
INSERT INTO inventory (id, capacity, sold, sales_end)
SELECT n, 100, 2, timestamptz '2030-01-01 00:00Z' + n / 2 * interval '1 minute' FROM generate_series(1, 100000) AS n;
INSERT INTO events (id, pool, name, starts_at, address, description)
SELECT gen_random_uuid(), id, 'Event ' || id, sales_end, 'There', repeat('It goes on. ', 20) FROM inventory;
INSERT INTO users (id, email) SELECT n, n || '@example.com' FROM generate_series(1, 1000) AS n;
INSERT INTO ticket_bookings (id, event_id, user_id, booked_at)
SELECT pool, id, 1 + pool % 1000, now() - pool % 7 * interval '12 hours' FROM events WHERE pool % 5 = 0;
INSERT INTO tickets (id, booking_id, event_id, user_id, booked_at, cancelled_at)
SELECT gen_random_uuid(), ticket_bookings.id, event_id, user_id, booked_at, CASE WHEN ticket = 3 THEN now() END
FROM ticket_bookings CROSS JOIN generate_series(1, 3) AS ticket;
INSERT INTO waitlist_entries (id, event_id, user_id, ticket_ids, status, joined_at, offered_at, closes_at)
SELECT gen_random_uuid(), id, pool % 1000 + entry, ARRAY[gen_random_uuid()],
       CASE WHEN pool % 10 > 0 THEN 'booked' WHEN entry < 3 THEN 'offered' ELSE 'waiting' END, now(), now(), now()
FROM events CROSS JOIN generate_series(1, 10) AS entry WHERE pool <= 1000;
SET session_replication_role = origin;
"""
LINES = 100
"""Of so many events somebody waits for tickets, and of ten times as many somebody did."""


@pytest.fixture(scope="module")
async def connection(
    postgres_server: EmbeddedPostgres, migrated_template: str
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection to a database with many events and tickets."""
    name = await create_database(postgres_server.url, template=migrated_template)
    connection = await asyncpg.connect(database_url(postgres_server.url, name))
    await connection.execute(_FILL)
    await connection.execute("VACUUM ANALYZE")
    yield connection
    await connection.close()
    await drop_database(postgres_server.url, name)


@pytest.fixture
def explaining(connection: "asyncpg.Connection[asyncpg.Record]") -> ExplainingConnection:
    return ExplainingConnection(connection)


@pytest.mark.parametrize("kind", [ExplainingConnection, RepeatingConnection])
async def test_a_page_reads_its_events_wherever_it_begins(
    connection: "asyncpg.Connection[asyncpg.Record]", kind: type[ExplainingConnection]
) -> None:
    explaining = kind(connection)
    for minutes in (-1, EVENTS // 4, EVENTS // 2 - 7):
        await queries.page_of_events(explaining.as_connection, FIRST + timedelta(minutes=minutes), PAGE)
        assert explaining.plan.indexes == {"events_by_start"}
        assert "Seq Scan" not in explaining.plan.kinds
        assert explaining.plan.rows_read <= PAGE + 6  # the rest of the last second, the next one, and the page itself
        assert explaining.plan.blocks <= 40


async def test_their_seats_are_looked_up_one_by_one(explaining: ExplainingConnection) -> None:
    assert len(await queries.seats(explaining.as_connection, range(1, EVENTS, EVENTS // PAGE))) == PAGE
    assert explaining.plan.indexes == {"inventory_pkey"}
    assert explaining.plan.rows_read <= PAGE


async def test_a_users_bookings_are_read_with_what_belongs_to_them(explaining: ExplainingConnection) -> None:
    rows = await bookings_of_user(explaining.as_connection, 6)
    assert [row["number_of_tickets"] for row in rows] == [2] * 100
    assert "Seq Scan" not in explaining.plan.kinds
    assert explaining.plan.rows_read <= 100 * 6


async def test_lines_are_found_without_a_look_at_every_event(explaining: ExplainingConnection) -> None:
    """Each second."""
    rows = await waitlist.events_to_serve(explaining.as_connection)
    assert len(rows) == LINES
    assert explaining.plan.rows_read <= LINES * 30
    assert len(await waitlist.open_offers(explaining.as_connection, [row["pool"] for row in rows])) == 0
    assert explaining.plan.rows_read <= LINES * 30


async def test_what_organisers_measure_reads_todays_tickets_alone(explaining: ExplainingConnection) -> None:
    """And of the others only how many were cancelled, which stands beside their event."""
    await analytics.sales(explaining.as_connection)
    assert explaining.plan.indexes == {"tickets_by_time"}
    assert explaining.plan.rows_read < 2 * EVENTS + 60_000 / 3
    await analytics.cancellation_rates(explaining.as_connection)
    assert explaining.plan.indexes == set()
    assert explaining.plan.rows_read <= 2 * EVENTS


async def test_what_organisers_measure_is_counted_in_time(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """In a statement each. A command may take `COMMAND_SECONDS`; here are 60,000 tickets."""
    for query in (analytics.sales, analytics.cancellation_rates):
        started = time.perf_counter()
        assert len(await query(connection)) == EVENTS
        assert time.perf_counter() - started < 4 * COMMAND_SECONDS  # on a machine that does other things as well
