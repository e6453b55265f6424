"""A page of the programme reads an index, and costs the same at any depth of a day of 5,000 sessions."""

from collections.abc import AsyncIterator, Mapping
from datetime import date

import asyncpg
import pytest

from service.embedded import EmbeddedPostgres
from service.http.cursors import Key
from service.showtimes.queries import page_of_showtimes
from service.showtimes.schemas import ShowtimeQuery
from tests.conftest import create_database, database_url, drop_database
from tests.service.catalogue.plans import ExplainingConnection, Plan, RepeatingConnection

DAY = date(2031, 1, 15)
LIMIT = 21
_FILL = """
-- Derived columns are given: the triggers would take minutes.
SET session_replication_role = replica;
INSERT INTO movies (id, title, description, duration, year)
SELECT n, 'Movie', '', 100, 2000 FROM generate_series(1, 200) n;
INSERT INTO genres (id, name) VALUES (1, 'Common'), (2, 'Rare');
INSERT INTO movie_genres (movie_id, genre_id) SELECT n, 1 FROM generate_series(1, 200, 4) n UNION ALL VALUES (7, 2);
INSERT INTO places (id, name, address, capacity) SELECT n, 'Place', '', 100 FROM generate_series(1, 1000) n;
-- 20 days with 5 sessions a day at each place.
INSERT INTO inventory (id, capacity, sales_end)
SELECT n, 100, '2031-01-01 10:00Z'::timestamptz + (n / 5000) * interval '1 day' + (n % 5) * interval '150 minutes'
FROM generate_series(0, 99999) n;
INSERT INTO sessions (id, movie_id, place_id, starts_at, ends_at, cleared_at, airs_on, price)
SELECT id, 1 + id % 199, 1 + id / 5 % 1000, sales_end, sales_end + interval '100 minutes',
       sales_end + interval '115 minutes', sales_end::date, 1000 FROM inventory;
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


async def plan_of(
    explaining: ExplainingConnection, after: tuple[Key, Key] = (None, None), filters: Mapping[str, str] | None = None
) -> Plan:
    """How a page is read."""
    query = ShowtimeQuery.model_validate({"limit": LIMIT - 1, **(filters or {})})
    await page_of_showtimes(explaining.as_connection, DAY, query, after)
    return explaining.plan


def sessions_read(plan: Plan) -> int:
    """The sessions that were looked at, shown or not. The small tables beside them may be scanned."""
    scans = [node for node in plan.nodes if node.get("Relation Name") == "sessions"]
    assert scans
    assert "Seq Scan" not in {node["Node Type"] for node in scans}
    return sum(
        int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]) for node in scans
    )


@pytest.mark.parametrize("after", [(None, None), ("2031-01-15 20:00Z", 74_000)], ids=["first", "deep"])
async def test_a_page_of_the_day_reads_its_rows_alone(
    connection: "asyncpg.Connection[asyncpg.Record]", after: tuple[Key, Key]
) -> None:
    for explaining in (ExplainingConnection(connection), RepeatingConnection(connection)):
        plan = await plan_of(explaining, after)
        assert "sessions_by_day" in plan.indexes
        assert "Sort" not in plan.kinds
        assert sessions_read(plan) == LIMIT


@pytest.mark.parametrize(
    ("filters", "most"),
    [
        ({"place": "plc_5"}, 15),
        ({"movie": "mov_3"}, LIMIT),
        ({"genre": "gen_1"}, 5 * LIMIT),
        ({"genre": "gen_2"}, 5_000),
        ({"place": "plc_5", "movie": "mov_3"}, 15),
        ({"place": "plc_5", "genre": "gen_1"}, 15),
    ],
)
async def test_a_filter_reads_what_it_is_for(
    connection: "asyncpg.Connection[asyncpg.Record]", filters: dict[str, str], most: int
) -> None:
    """Of a place three days at most; of a rare genre no more than the day."""
    for explaining in (ExplainingConnection(connection), RepeatingConnection(connection)):
        assert sessions_read(await plan_of(explaining, filters=filters)) <= most
