"""Every list reads indexes, at any depth, among 100,000 movies in 40 countries and 10,000 saved ones per user.

How long that takes among 1,000,000 is measured by `scripts/bench`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import get_args

import asyncpg
import pytest

from service.countries import NAMES
from service.discovery import queries
from service.discovery.schemas import MoviePage, NumberedPage, SavedMoviePage
from service.discovery.statements import MovieSort, SavedSort
from service.embedded import EmbeddedPostgres
from service.postgres import Connection
from tests.conftest import create_database, database_url, drop_database
from tests.migrations.listings import differences
from tests.service.catalogue.plans import ExplainingConnection, Plan, RepeatingConnection

MOVIES = 100_000
YEARS = 75
PAGE = 20
USER = 3

_FILL = """
SET session_replication_role = replica;  -- Derived rows are given: the triggers would take half a minute.
INSERT INTO movies (id, title, description, duration, year, genre_ids)
SELECT n, 'Movie ' || n, repeat('It goes on. ', 20), 100, 1950 + n / 100 % 75, array_remove(ARRAY[
           CASE WHEN n % 3 = 0 THEN 1 END, CASE WHEN n % 1000 = 0 THEN 2 END, CASE WHEN n BETWEEN 3 AND 3000 THEN n END
       ], NULL)
FROM generate_series(1, 100000) AS n;
-- All movies can be seen in France; each also in two of 39 other countries.
INSERT INTO movie_availability (movie_id, country_code)
SELECT id, CASE step WHEN 0 THEN 'FR' ELSE chr(65 + (id + step)::int % 39 / 13) || chr(65 + (id + step)::int % 13) END
FROM movies CROSS JOIN unnest('{0,1,8}'::int[]) AS step;
-- One movie in three is of the genre 1, one in a thousand of the genre 2; the others have one movie each.
INSERT INTO genres (id, name) SELECT n, 'Genre ' || n FROM generate_series(1, 3000) AS n;
INSERT INTO movie_genres (movie_id, genre_id)
SELECT id, 1 FROM movies WHERE id % 3 = 0 UNION ALL SELECT id, 2 FROM movies WHERE id % 1000 = 0
UNION ALL SELECT id, id FROM movies WHERE id BETWEEN 3 AND 3000;
INSERT INTO users (id, email) SELECT n, n || '@example.com' FROM generate_series(1, 1000) AS n;
INSERT INTO saved_movies (user_id, movie_id, date_added)
SELECT users.id, movies.id, now() - movies.id * 7919 % 10007 * interval '1 hour'
FROM users, movies WHERE movies.id % 10 = users.id AND users.id < 6
UNION ALL SELECT id, id, now() FROM users WHERE id > 5;
INSERT INTO country_listings SELECT movie_id, country_code, year FROM movie_availability JOIN movies ON id = movie_id;
INSERT INTO genre_listings SELECT movie_id, genre_id, year FROM movie_genres JOIN movies ON id = movie_id;
INSERT INTO country_counts (country_code, genre_id, year, movies)
SELECT country_code, genre_id, listed.year, count(*)
FROM country_listings AS listed JOIN (
    SELECT movie_id, genre_id FROM genre_listings UNION ALL SELECT id, 0 FROM movies
) AS given USING (movie_id) GROUP BY 1, 2, 3;
INSERT INTO saved_listings (movie_id, user_id, country_code, date_added)
SELECT movie_id, user_id, country_code, date_added FROM saved_movies JOIN movie_availability USING (movie_id);
INSERT INTO saved_counts (user_id, country_code, movies)
SELECT user_id, country_code, count(*) FROM saved_listings GROUP BY 1, 2;
SET session_replication_role = origin;
"""

Fetch = Callable[[Connection, int], Awaitable[Sequence[asyncpg.Record]]]
"""Fetches the page of a number."""


@pytest.fixture(scope="module")
async def connection(
    postgres_server: EmbeddedPostgres, migrated_template: str
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection to a database with many movies."""
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


async def movies(
    country: str, genre: str | None, sort: MovieSort, connection: Connection, page: int
) -> Sequence[asyncpg.Record]:
    query = MoviePage.model_validate({"country": country, "genre": genre, "sort": sort, "page": page})
    return await queries.page_of_movies(connection, query)


async def saved(sort: SavedSort, connection: Connection, page: int) -> Sequence[asyncpg.Record]:
    return await queries.page_of_saved_movies(connection, USER, SavedMoviePage(country="FR", sort=sort, page=page))


MOVIE_LISTS = [
    *[(partial(movies, "FR", None, sort), 1000) for sort in get_args(MovieSort)],
    *[(partial(movies, "FR", "gen_1", sort), 1000) for sort in get_args(MovieSort)],
    (partial(movies, "FR", "gen_2", "-year"), 5),
    (partial(movies, "BE", None, "-year"), 200),
    (partial(movies, "BE", "gen_1", "-year"), 80),
]
SAVED_LISTS = [(partial(saved, sort), 500) for sort in get_args(SavedSort)]
LISTS = [*MOVIE_LISTS, *SAVED_LISTS]
"""How each list is fetched, and a page deep in it, the last one if there are not so many."""


async def test_what_is_given_is_what_the_triggers_would_have_made(connection: Connection) -> None:
    assert await differences(connection) == []
    countries = "SELECT count(DISTINCT country_code) FROM movie_availability"
    assert await connection.fetchval(countries) == 40
    assert await connection.fetchval("SELECT count(*) FROM saved_movies WHERE user_id = $1", USER) == 10_000


@pytest.mark.parametrize(("fetch", "deep"), MOVIE_LISTS)
async def test_a_page_of_movies_reads_the_years_that_it_shows(
    explaining: ExplainingConnection, fetch: Fetch, deep: int
) -> None:
    for page in (1, deep):
        rows = await fetch(explaining.as_connection, page)
        assert len(rows) == PAGE
        shown = {row["year"] for row in rows}
        assert {"country_counts_by_year", "country_listings_by_year"} <= explaining.plan.indexes
        assert_reads_indexes(explaining.plan)
        # The counters are read once, and looked at by three nodes; a genre's listings are read beside the country's.
        assert explaining.plan.rows_read <= 6 * YEARS + 2 * len(shown) * MOVIES // YEARS + 5 * PAGE


@pytest.mark.parametrize(("fetch", "deep"), SAVED_LISTS)
async def test_a_page_of_saved_movies_reads_their_index_up_to_its_end(
    explaining: ExplainingConnection, fetch: Fetch, deep: int
) -> None:
    for page in (1, deep):
        assert len(await fetch(explaining.as_connection, page)) == PAGE
        assert "saved_listings_by_date" in explaining.plan.indexes
        assert_reads_indexes(explaining.plan)
        assert explaining.plan.rows_read <= page * PAGE + 4 * PAGE


async def test_genres_are_read_in_the_order_of_their_names(explaining: ExplainingConnection) -> None:
    """The total is counted: genres are few."""
    for page in (1, 150):
        query = NumberedPage(page=page)
        assert len(await queries.page_of_genres(explaining.as_connection, query)) == PAGE
        assert "genres_name_key" in explaining.plan.indexes


async def test_countries_are_looked_up_one_by_one(explaining: ExplainingConnection) -> None:
    assert "FR" in await queries.countries_with_movies(explaining.as_connection, list(NAMES))
    assert explaining.plan.indexes == {"movie_availability_of_country"}
    assert_reads_indexes(explaining.plan)
    assert explaining.plan.rows_read <= 2 * len(NAMES)


@pytest.mark.parametrize(("fetch", "deep"), LISTS)
async def test_a_deep_page_reads_little_more_than_the_first(
    explaining: ExplainingConnection, fetch: Fetch, deep: int
) -> None:
    await fetch(explaining.as_connection, 1)
    await fetch(explaining.as_connection, deep)
    first, last = explaining.plans
    assert last.blocks <= 3 * first.blocks


@pytest.mark.parametrize(("fetch", "deep"), LISTS)
async def test_a_statement_that_is_repeated_keeps_a_good_plan(
    connection: "asyncpg.Connection[asyncpg.Record]", fetch: Fetch, deep: int
) -> None:
    explaining, repeating = ExplainingConnection(connection), RepeatingConnection(connection)
    await fetch(explaining.as_connection, deep)
    await fetch(repeating.as_connection, deep)
    assert repeating.plan.rows_read <= 2 * explaining.plan.rows_read
    assert_reads_indexes(repeating.plan)


def assert_reads_indexes(plan: Plan) -> None:
    assert "Seq Scan" not in plan.kinds, plan.nodes
