"""The SQL of imports, but for what finds faults."""

from collections.abc import Mapping, Sequence

from service.postgres import Connection

STAGED: Mapping[str, Sequence[str]] = {
    "staged_movies": ("line", "id", "title", "description", "poster", "duration", "year"),
    "staged_places": ("line", "id", "name", "address", "capacity", "timezone", "plan_id", "plan"),
    "staged_sessions": (
        *("line", "id", "movie", "movie_year", "movie_id", "place", "place_id", "starts_at", "price", "currency"),
    ),
}
"""The staging tables and their columns."""


async def try_lock(connection: Connection, key: int) -> bool:
    """Whether the connection has the advisory lock `key` from now on until it is closed."""
    locked: bool = await connection.fetchval("SELECT pg_try_advisory_lock($1)", key)
    return locked


async def create_staging(connection: Connection) -> None:
    """The staging tables, and those of what is worked out from them: the connection's own, and empty.

    `movie_id` and `place_id` are those that a session names its movie and place by, if it does.
    """
    await connection.execute(
        """
        CREATE TEMPORARY TABLE staged_movies (
            line bigint, id bigint, title text, description text, poster text, duration int, year int
        );
        CREATE TEMPORARY TABLE staged_places (
            line bigint, id bigint, name text, address text, capacity int, timezone text, plan_id bigint, plan jsonb
        );
        CREATE TEMPORARY TABLE staged_sessions (
            line bigint, id bigint, movie text, movie_year int, movie_id bigint, place text, place_id bigint,
            starts_at timestamptz, price int, currency text
        );
        CREATE TEMPORARY TABLE named_movies (movie text, movie_year int, id bigint, found int);
        CREATE TEMPORARY TABLE named_places (place text, id bigint, found int);
        CREATE TEMPORARY TABLE planned (
            line bigint, id bigint, movie_id bigint, place_id bigint, starts_at timestamptz, cleared_at timestamptz,
            price int, currency text, capacity int, plan_id bigint
        );
        CREATE TEMPORARY TABLE faults (line bigint, code text, message text, field text);
        SET work_mem = '64MB';
        """
    )


async def analyze_staging(connection: Connection) -> None:
    """Nobody else tells the planner how many rows a temporary table has."""
    await connection.execute("ANALYZE staged_movies, staged_places, staged_sessions")


async def find_movies(connection: Connection) -> None:
    """Fill `named_movies`: for each way in which sessions name a movie, how many there are, and one of them.

    A movie of the file that is there already, or twice, counts once: that row is at fault, not its sessions.
    """
    await connection.execute(
        """
        INSERT INTO named_movies (movie, movie_year, id, found)
        WITH named AS MATERIALIZED (SELECT DISTINCT movie, movie_year, movie_id FROM staged_sessions),
        new AS (
            SELECT DISTINCT ON (title, year) id, title, year FROM staged_movies
            WHERE NOT EXISTS (SELECT FROM movies WHERE (title, year) = (staged_movies.title, staged_movies.year))
            ORDER BY title, year, line
        ), known AS (SELECT id, title, year FROM movies UNION ALL SELECT id, title, year FROM new)
        SELECT movie, movie_year, min(known.id), count(known.id)
        FROM named LEFT JOIN known ON title = movie AND movie_year IN (0, year)
        WHERE movie_id IS NULL GROUP BY movie, movie_year
        UNION ALL
        SELECT movie, movie_year, movies.id, CASE WHEN movie_year IN (0, year) THEN 1 ELSE 0 END
        FROM named LEFT JOIN movies ON movies.id = movie_id
        WHERE movie_id IS NOT NULL
        """
    )
    await connection.execute("ANALYZE named_movies")


async def find_places(connection: Connection) -> None:
    """Fill `named_places` likewise."""
    await connection.execute(
        """
        INSERT INTO named_places (place, id, found)
        WITH named AS MATERIALIZED (SELECT DISTINCT place, place_id FROM staged_sessions),
        new AS (
            SELECT DISTINCT ON (name) id, name FROM staged_places
            WHERE NOT EXISTS (SELECT FROM places WHERE name = staged_places.name) ORDER BY name, line
        ), known AS (SELECT id, name FROM places UNION ALL SELECT id, name FROM new)
        SELECT place, min(known.id), count(known.id)
        FROM named LEFT JOIN known ON name = place
        WHERE place_id IS NULL GROUP BY place
        UNION ALL
        SELECT place, places.id, count(places.id) FROM named LEFT JOIN places ON places.id = place_id
        WHERE place_id IS NOT NULL GROUP BY place, places.id
        """
    )
    await connection.execute("ANALYZE named_places")


async def lock_movies(connection: Connection) -> None:
    """Lock the catalogue's movies that get sessions, in the order of ids: their durations stay, and so do they."""
    await connection.execute(
        "SELECT FROM movies WHERE id IN (SELECT id FROM named_movies) ORDER BY id FOR NO KEY UPDATE"
    )


async def lock_places(connection: Connection) -> None:
    """Lock the catalogue's places that get sessions, likewise: nobody else schedules there."""
    await connection.execute(
        "SELECT FROM places WHERE id IN (SELECT id FROM named_places) ORDER BY id FOR NO KEY UPDATE"
    )


async def names_have_gone(connection: Connection) -> bool:
    """Whether a movie or place that was found has been deleted before it was locked."""
    gone: bool = await connection.fetchval(
        """
        SELECT EXISTS (
            SELECT id FROM named_movies WHERE found = 1
            EXCEPT (SELECT id FROM movies UNION ALL SELECT id FROM staged_movies)
        ) OR EXISTS (
            SELECT id FROM named_places WHERE found = 1
            EXCEPT (SELECT id FROM places UNION ALL SELECT id FROM staged_places)
        )
        """
    )
    return gone


async def plan_sessions(connection: Connection) -> None:
    """Fill `planned` with the sessions whose movie and place are known, each one only."""
    await connection.execute(
        """
        INSERT INTO planned (line, id, movie_id, place_id, starts_at, cleared_at, price, currency, capacity, plan_id)
        WITH lasting AS (SELECT id, duration FROM movies UNION ALL SELECT id, duration FROM staged_movies),
        seating AS (
            SELECT id, capacity, seat_plan_id AS plan_id FROM places
            UNION ALL SELECT id, capacity, plan_id FROM staged_places
        )
        SELECT line, session.id, lasting.id, seating.id, starts_at,
               starts_at + make_interval(mins => duration) + interval '15 minutes', price, currency, capacity, plan_id
        FROM staged_sessions AS session
        JOIN named_movies ON (named_movies.movie, named_movies.movie_year) = (session.movie, session.movie_year)
         AND named_movies.found = 1
        JOIN named_places ON named_places.place = session.place AND named_places.found = 1
        JOIN lasting ON lasting.id = named_movies.id
        JOIN seating ON seating.id = named_places.id
        """
    )
    await connection.execute("ANALYZE planned")


async def insert_movies(connection: Connection) -> int:
    """How many movies there were to insert."""
    return _count(
        await connection.execute(
            """
            INSERT INTO movies (id, title, description, poster, duration, year)
            SELECT id, title, description, poster, duration, year FROM staged_movies ORDER BY id
            """
        )
    )


async def insert_places(connection: Connection) -> int:
    """How many places there were to insert, with their seat plans."""
    return _count(
        await connection.execute(
            """
            WITH plans AS (
                INSERT INTO seat_plans (id, place_id, plan)
                SELECT plan_id, id, plan FROM staged_places WHERE plan IS NOT NULL
            )
            INSERT INTO places (id, name, address, capacity, timezone, seat_plan_id)
            SELECT id, name, address, capacity, timezone, plan_id FROM staged_places ORDER BY id
            """
        )
    )


async def insert_inventory(connection: Connection) -> None:
    """The inventory of the planned sessions comes before them."""
    await connection.execute(
        """
        INSERT INTO inventory (id, capacity, sales_end, seat_plan_id, sold_seats)
        SELECT planned.id, planned.capacity, starts_at, plan_id, repeat('0', cells)::bit varying
        FROM planned LEFT JOIN seat_plans ON seat_plans.id = plan_id ORDER BY planned.id
        """
    )


async def insert_sessions(connection: Connection) -> int:
    """How many sessions there were to insert. The constraint `sessions_do_not_overlap` may refuse."""
    return _count(
        await connection.execute(
            """
            INSERT INTO sessions (id, movie_id, place_id, starts_at, price, currency)
            SELECT id, movie_id, place_id, starts_at, price, currency FROM planned ORDER BY place_id, starts_at
            """
        )
    )


def _count(tag: str) -> int:
    return int(tag.rpartition(" ")[2])
