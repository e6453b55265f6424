"""The lists of users and reservations read indexes: of 50,000 users, and of 200,000 reservations for 4,000 sessions."""

from collections.abc import AsyncIterator, Mapping

import asyncpg
import pytest

from service.backoffice.reservations.queries import page_of_reservations
from service.backoffice.reservations.schemas import ReservationQuery
from service.backoffice.users.queries import page_of_users
from service.backoffice.users.schemas import UserQuery
from service.embedded import EmbeddedPostgres
from tests.conftest import create_database, database_url, drop_database
from tests.service.catalogue.plans import ExplainingConnection, Plan, RepeatingConnection

LIMIT = 21
_FILL = """
-- The triggers would take minutes.
SET session_replication_role = replica;
INSERT INTO users (id, email, name, role)
SELECT n, 'user' || n || '@example.com', CASE WHEN n % 1000 = 7 THEN 'Ada Lovelace' END,
       CASE WHEN n % 5000 = 1 THEN 'manager' ELSE 'customer' END FROM generate_series(1, 50000) n;
INSERT INTO movies (id, title, description, duration, year)
SELECT n, 'Movie', '', 100, 2000 FROM generate_series(1, 200) n;
INSERT INTO places (id, name, address, capacity) SELECT n, 'Place', '', 100 FROM generate_series(1, 40) n;
INSERT INTO manager_places (user_id, place_id) SELECT 1, n FROM generate_series(1, 3) n;
-- 20 days with 5 sessions a day at each place; the first half is over, and was booked before the other half.
INSERT INTO inventory (id, capacity, sales_end)
SELECT n, 100, '2031-01-01 10:00Z'::timestamptz + (n / 200) * interval '1 day' + (n % 5) * interval '150 minutes'
FROM generate_series(0, 3999) n;
INSERT INTO sessions (id, movie_id, place_id, starts_at, ends_at, cleared_at, airs_on, price)
SELECT id, 1 + id % 199, 1 + id / 5 % 40, sales_end,
       CASE WHEN id < 2000 THEN '2025-01-01 10:00Z' ELSE sales_end + interval '100 minutes' END,
       sales_end + interval '115 minutes', sales_end::date, 1000 FROM inventory;
INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at, confirmed_at,
                      cancelled_at)
SELECT n, (n - 1) / 50, 1 + n % 50000, 1, CASE WHEN n % 500 = 0 THEN 'cancelled' ELSE 'confirmed' END, 1000, 'EUR',
       now(), now(), now(), CASE WHEN n % 500 = 0 THEN now() END FROM generate_series(1, 200000) n;
SET session_replication_role = origin;
"""


@pytest.fixture(scope="module")
async def connection(
    postgres_server: EmbeddedPostgres, migrated_template: str
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection to a big chain's database."""
    name = await create_database(postgres_server.url, template=migrated_template)
    connection = await asyncpg.connect(database_url(postgres_server.url, name))
    await connection.execute(_FILL)
    await connection.execute("VACUUM ANALYZE")
    yield connection
    await connection.close()
    await drop_database(postgres_server.url, name)


def rows_read(plan: Plan, *tables: str) -> int:
    """The rows of the tables that were looked at, shown or not; none of them is scanned whole."""
    scans = [node for node in plan.nodes if node.get("Relation Name") in tables]
    assert "Seq Scan" not in {node["Node Type"] for node in scans}, scans
    return sum(
        int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]) for node in scans
    )


@pytest.mark.parametrize(
    ("filters", "most"),
    [
        ({}, LIMIT),
        ({"role": "manager"}, LIMIT),
        ({"q": "ada"}, 1_000 + 100),
        ({"q": "lovelace ada", "role": "customer"}, 1_000 + 100),
        ({"q": "nobody"}, 1_010),
        ({"q": "user49999"}, 1_010),
        ({"q": "example"}, 1_010),
    ],
)
@pytest.mark.parametrize("before", [None, 45_000])
async def test_users(
    connection: "asyncpg.Connection[asyncpg.Record]", filters: dict[str, str], most: int, before: int | None
) -> None:
    """A search walks the next thousand at most, and then reads those who have the words."""
    explaining = ExplainingConnection(connection)
    await page_of_users(explaining.as_connection, UserQuery.model_validate({"limit": LIMIT - 1, **filters}), before)
    assert sum(rows_read(plan, "users") for plan in explaining.plans) <= most


RESERVATIONS: list[tuple[Mapping[str, str], int | None, int]] = [
    ({}, None, 4 * LIMIT),
    ({"session": "ses_77"}, None, 4 * LIMIT),
    ({"email": "user4711@example.com"}, None, 4 * LIMIT),
    ({"email": "user4711@example.com", "place": "plc_3"}, 1, 4 * LIMIT),
    ({"status": "cancelled"}, None, 5 * LIMIT),
    ({"place": "plc_3", "from": "2031-01-05", "to": "2031-01-05"}, None, 250),
    ({"from": "2031-01-05", "to": "2031-01-05"}, None, 200 + LIMIT * LIMIT + 4 * LIMIT),
    ({"movie": "mov_3", "status": "confirmed"}, None, 21 * (LIMIT + 1) + 4 * LIMIT),
    ({"from": "2031-01-05", "to": "2031-01-05"}, 1, 200 + 15 * LIMIT + 4 * LIMIT),
    ({}, 1, 300 + LIMIT * LIMIT + 4 * LIMIT),
    ({"status": "confirmed"}, 1, 300 + LIMIT * LIMIT + 4 * LIMIT),
    ({"status": "completed"}, 1, 300 + LIMIT * LIMIT + 4 * LIMIT),
    ({"status": "cancelled"}, 1, 400 + 4 * LIMIT),
    ({"status": "completed"}, None, 2_000 + LIMIT * LIMIT + 4 * LIMIT),
    ({"status": "confirmed"}, None, 2_200 + LIMIT * LIMIT + 4 * LIMIT),
]


@pytest.mark.parametrize(("filters", "manager", "most"), RESERVATIONS)
async def test_reservations(
    connection: "asyncpg.Connection[asyncpg.Record]", filters: Mapping[str, str], manager: int | None, most: int
) -> None:
    """Of each session one is read, and of a page of them a page, however many have booked.

    Made to fail for `completed` by walking all reservations, and for managers by reading a page of every session.
    """
    for explaining in (ExplainingConnection(connection), RepeatingConnection(connection)):
        query = ReservationQuery.model_validate({"limit": LIMIT - 1, **filters})
        await page_of_reservations(explaining.as_connection, query, None, manager)
        assert rows_read(explaining.plan, "bookings") <= most
