"""Every list reads an index, and a page deep in it costs what the first does, in a catalogue of 100,000 movies."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import get_args

import asyncpg
import pytest

from service.backoffice.places.queries import page_of_places
from service.catalogue import queries
from service.catalogue.schemas import MovieQuery, Sort
from service.catalogue.statements import MOVIE_PAGES, WALKED
from service.embedded import EmbeddedPostgres
from service.http.cursors import Key
from service.postgres import Connection
from tests.conftest import create_database, database_url, drop_database
from tests.service.catalogue.plans import ExplainingConnection, Plan, RepeatingConnection

MOVIES = 100_000
SORTS: tuple[Sort, ...] = get_args(Sort)
FIRST: tuple[Key, Key] = (None, None)
INDEX = {"rating": "movies_by_rating", "new": "movies_by_airing_from", "leaving_soon": "movies_by_airing_to"}

_FILL = """
-- Derived columns are given: the triggers would take minutes.
SET session_replication_role = replica;
INSERT INTO movies (id, title, description, duration, year, rating_sum, rating_count, airing_from, airing_to, genre_ids)
SELECT n, 'The ' || (ARRAY['Great', 'Small', 'Été'])[1 + n % 3] || ' movie ' || n, repeat('It goes on. ', 20), 100,
       1950 + n % 75, CASE WHEN n % 4 > 0 THEN n % 500 ELSE 0 END, CASE WHEN n % 4 > 0 THEN 100 ELSE 0 END,
       CASE WHEN n % 5 > 0 THEN current_date - 4000 + (n * 7919 % 4100)::int END,
       CASE WHEN n % 5 > 0 THEN current_date - 3970 + (n * 7919 % 4100)::int END,
       CASE WHEN n % 10 = 1 THEN '{1}' WHEN n % 10000 = 7 THEN '{2}' ELSE '{}' END::bigint[]
FROM generate_series(1, 100000::bigint) AS n;
INSERT INTO genres (id, name) VALUES (1, 'Common'), (2, 'Rare');
INSERT INTO movie_genres (movie_id, genre_id)
SELECT n, 1 FROM generate_series(1, 100000, 10) AS n
UNION ALL SELECT n, 2 FROM generate_series(7, 100000, 10000) AS n;
INSERT INTO places (id, name, address, capacity)
SELECT n, 'Place ' || md5(n::text), 'Somewhere', 100 FROM generate_series(1, 2000) AS n;
INSERT INTO inventory (id, capacity, sales_end)
SELECT n, 100, now() + (n / 2000 - 50) * interval '3 hours' FROM generate_series(1, 200000) AS n;
-- The first movie is everywhere, again and again; others here and there.
INSERT INTO sessions (id, movie_id, place_id, starts_at, ends_at, cleared_at, airs_on, price)
SELECT id, CASE WHEN id % 2 = 0 THEN 1 ELSE 1 + id % 100000 END, 1 + id % 2000 , sales_end,
       sales_end + interval '100 minutes', sales_end + interval '115 minutes', sales_end::date, 1000
FROM inventory;
INSERT INTO users (id, email, role) VALUES (1, 'manager@example.com', 'manager');
INSERT INTO manager_places (user_id, place_id) SELECT 1, n FROM generate_series(1, 3) AS n;
SET session_replication_role = origin;
"""


LIMIT = 21
DEEP = 9 * MOVIES // 10

Fetch = Callable[[Connection, Sequence[Key]], Awaitable[Sequence[asyncpg.Record]]]


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


@pytest.fixture
def explaining(connection: "asyncpg.Connection[asyncpg.Record]") -> ExplainingConnection:
    return ExplainingConnection(connection)


def movies(sort: Sort) -> Fetch:
    query = MovieQuery(sort=sort, limit=LIMIT - 1)
    return lambda connection, after: queries.page_of_movies(connection, query, after, "Europe/Paris")


async def showing(connection: Connection, after: Sequence[Key]) -> Sequence[asyncpg.Record]:
    return await queries.page_of_places_showing(connection, 1, after, LIMIT)


async def starts(connection: Connection, after: Sequence[Key]) -> Sequence[asyncpg.Record]:
    return await queries.page_of_starts(connection, 1, 1, (None, None), after, LIMIT)


async def places(connection: Connection, after: Sequence[Key]) -> Sequence[asyncpg.Record]:
    return await page_of_places(connection, after, LIMIT)


async def sessions(connection: Connection, after: Sequence[Key]) -> Sequence[asyncpg.Record]:
    before = after[-1]
    assert before is None or isinstance(before, int)
    return await queries.page_of_sessions(connection, before, LIMIT, movie_id=None, place_id=None, manager_id=None)


DEEP_IN = {
    "showing": "SELECT name, id FROM places ORDER BY name, id OFFSET 1500 LIMIT 1",
    "starts": "SELECT starts_at::text, id FROM sessions WHERE movie_id = 1 AND place_id = 1 "
    "ORDER BY starts_at DESC, id DESC OFFSET 70 LIMIT 1",
    "places": "SELECT name, id FROM places ORDER BY name, id OFFSET 1500 LIMIT 1",
    "sessions": "SELECT id FROM sessions ORDER BY id DESC OFFSET 180000 LIMIT 1",
}


def assert_reads_indexes(plan: Plan) -> None:
    assert not {kind for kind in plan.kinds if "Sort" in kind}, plan.kinds
    assert "Seq Scan" not in plan.kinds, plan.nodes


@pytest.mark.parametrize("sort", SORTS)
async def test_a_page_of_movies_reads_its_rows_from_the_index_of_the_sort(
    explaining: ExplainingConnection, sort: Sort
) -> None:
    first = await movies(sort)(explaining.as_connection, FIRST)
    deep_in = MOVIE_PAGES[sort, False, None].replace("LIMIT", f"OFFSET {DEEP} LIMIT")
    [key] = await explaining.connection.fetch(deep_in, None, None, 1, None, None, "UTC")
    deep = await movies(sort)(explaining.as_connection, (key["position"], key["id"]))
    assert len(first) == len(deep) == LIMIT
    for plan in explaining.plans:
        assert plan.indexes == {INDEX[sort]}
        assert plan.rows_read == LIMIT
        assert plan.blocks <= 3 * LIMIT
        assert_reads_indexes(plan)


@pytest.mark.parametrize("fetch", [showing, starts, places, sessions])
async def test_every_other_list_reads_indexes_and_costs_the_same_at_any_depth(
    explaining: ExplainingConnection, fetch: Fetch
) -> None:
    first = await fetch(explaining.as_connection, FIRST)
    [key] = await explaining.connection.fetch(DEEP_IN[fetch.__name__])
    deep = await fetch(explaining.as_connection, tuple(key.values()))
    assert len(first) == len(deep) == LIMIT
    first_plan, deep_plan = explaining.plans
    for plan in explaining.plans:
        assert_reads_indexes(plan)
    assert deep_plan.blocks <= 2 * first_plan.blocks
    assert deep_plan.rows_read <= 2 * first_plan.rows_read


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    ("filters", "rows_read"),
    [
        ({"genre": "gen_1"}, 3_000),
        ({"genre": "gen_2"}, WALKED + 200),
        ({"q": "Great"}, 100),
        ({"q": "ete 77774"}, WALKED + 100),
        ({"q": "ete 77771", "genre": "gen_1"}, WALKED + 100),
        ({"airing": "now"}, 5_000),
        ({"airing": "past"}, 1_000),
        ({"airing": "upcoming"}, 5_000),
    ],
)
async def test_a_filter_does_not_scan_the_table(
    explaining: ExplainingConnection, sort: Sort, filters: dict[str, str], rows_read: int
) -> None:
    query = MovieQuery.model_validate({"sort": sort, **filters})
    assert await queries.page_of_movies(explaining.as_connection, query, FIRST, "Europe/Paris")
    assert all("Seq Scan" not in plan.kinds for plan in explaining.plans)
    assert sum(plan.rows_read for plan in explaining.plans) <= rows_read


@pytest.mark.parametrize(
    ("filters", "statement", "rows_read"),
    [({"q": "Great"}, 0, 100), ({"q": "ete 77774"}, 1, 100), ({"genre": "gen_1", "sort": "new"}, 0, WALKED)],
)
async def test_a_search_that_is_repeated_keeps_a_good_plan(
    connection: "asyncpg.Connection[asyncpg.Record]", filters: dict[str, str], statement: int, rows_read: int
) -> None:
    repeating = RepeatingConnection(connection)
    query = MovieQuery.model_validate(filters)
    await queries.page_of_movies(repeating.as_connection, query, FIRST, "Europe/Paris")
    assert repeating.plans[statement].rows_read <= rows_read


@pytest.mark.parametrize("sort", SORTS)
async def test_no_index_but_that_of_the_words_is_read_for_them(
    connection: "asyncpg.Connection[asyncpg.Record]", sort: Sort
) -> None:
    """Not even where it seems to pay to know which of them come after the page before: movies are dear to read."""
    repeating = RepeatingConnection(connection)
    query = MovieQuery(sort=sort, q="ete 77774", airing="past")
    async with connection.transaction():
        await connection.execute("SET LOCAL random_page_cost = 100; SET LOCAL enable_seqscan = off")
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await queries.page_of_movies(repeating.as_connection, query, FIRST, "Europe/Paris")
    assert repeating.plan.indexes == {"movies_by_title_words", "movies_pkey"}


@pytest.mark.parametrize("fetch", [*map(movies, SORTS), showing, starts, places, sessions])
async def test_a_statement_that_is_repeated_keeps_a_good_plan(
    connection: "asyncpg.Connection[asyncpg.Record]", fetch: Fetch
) -> None:
    repeating = RepeatingConnection(connection)
    await fetch(repeating.as_connection, FIRST)
    assert_reads_indexes(repeating.plan)
    assert repeating.plan.rows_read <= 20 * LIMIT
