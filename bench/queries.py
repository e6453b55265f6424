"""The SQL that fills a database for measuring, and counts what came of it."""

from collections.abc import Sequence

from service.postgres import Connection


async def insert_users(connection: Connection, numbers: Sequence[int], password_hash: str) -> None:
    """Customers, all with one password."""
    await connection.execute(
        """
        INSERT INTO users (id, email, password_hash)
        SELECT id, 'customer' || id || '@example.com', $2 FROM unnest($1::bigint[]) AS id
        """,
        numbers,
        password_hash,
    )


async def insert_movie(connection: Connection, movie_id: int) -> None:
    await connection.execute(
        "INSERT INTO movies (id, title, description, duration, year) VALUES ($1, 'Amélie', 'She helps.', 122, 2001)",
        movie_id,
    )


async def insert_sessions(
    connection: Connection, movie_id: int, rows: Sequence[tuple[int, int]], capacity: int
) -> None:
    """Sessions of the movie tomorrow, given as their number and that of a place, which is made too."""
    await connection.execute(
        """
        WITH given AS (
            SELECT session_id, place_id FROM unnest($2::bigint[], $3::bigint[]) AS given (session_id, place_id)
        ), made AS (
            INSERT INTO places (id, name, address, capacity)
            SELECT place_id, 'Lumière ' || place_id, '1 rue Première', least($4, 100000) FROM given
        ), pools AS (
            INSERT INTO inventory (id, capacity, sales_end)
            SELECT session_id, $4, now() + interval '1 day' FROM given
        )
        INSERT INTO sessions (id, movie_id, place_id, starts_at, price)
        SELECT session_id, $1, place_id, now() + interval '1 day', 1200 FROM given
        """,
        movie_id,
        [session_id for session_id, _ in rows],
        [place_id for _, place_id in rows],
        capacity,
    )


async def count_visits(connection: Connection) -> int:
    """How many page visits there are."""
    count: int = await connection.fetchval("SELECT count(*) FROM page_visits")
    return count


async def sold_seats(connection: Connection, session_id: int) -> int:
    """The seats of a session's confirmed bookings, or what its inventory says if that is more."""
    sold: int = await connection.fetchval(
        """
        SELECT greatest(sold, (SELECT coalesce(sum(seats), 0) FROM bookings
                               WHERE session_id = $1 AND status = 'confirmed'))
        FROM inventory WHERE id = $1
        """,
        session_id,
    )
    return sold


async def generate_movies(connection: Connection, count: int, words: int, rare: int) -> None:
    """Movies 1 to `count`, each with a rating and airing dates as the triggers would leave them, and one of `words`
    common words in its title; some, `rare` in all, have the word `rare` too.

    One in ten airs now, one is upcoming; the others are past.
    """
    await connection.execute(
        """
        INSERT INTO movies (id, title, description, duration, year, rating_sum, rating_count, airing_from, airing_to)
        SELECT n, concat_ws(' ', 'Movie', n, 'word' || n % $2, CASE WHEN n % greatest($1 / $3, 1) = 0 THEN 'rare' END),
               repeat('Somebody helps. ', 10), 90 + n % 60, 1950 + n / 20 % 75, n % 501, 100,
               current_date + first, current_date + first + 30
        FROM generate_series(1, $1::int) AS n
        CROSS JOIN LATERAL (
            SELECT CASE n * 7 % 10 WHEN 0 THEN -n % 30 WHEN 1 THEN 1 + n % 300 ELSE -31 - n % 5000 END AS first
        ) AS dates
        """,
        count,
        words,
        rare,
        timeout=600,
    )


async def generate_genres(connection: Connection, count: int) -> None:
    """Genres 1 to `count`, with two for each movie."""
    await connection.execute("INSERT INTO genres SELECT n, 'Genre ' || n FROM generate_series(1, $1::int) AS n", count)
    await connection.execute(
        """
        INSERT INTO movie_genres (movie_id, genre_id)
        SELECT id, 1 + (id + step) % $1 FROM movies CROSS JOIN (VALUES (0), (7)) AS steps (step)
        """,
        count,
        timeout=600,
    )


async def generate_availability(connection: Connection, everywhere: str, others: Sequence[str]) -> None:
    """Each movie in the country `everywhere`, and in two of the others."""
    await connection.execute(
        """
        INSERT INTO movie_availability (movie_id, country_code)
        SELECT id, CASE step WHEN 0 THEN $1 ELSE ($2::text[])[1 + (id + step) % cardinality($2)] END
        FROM movies CROSS JOIN (VALUES (0), (1), (8)) AS steps (step)
        """,
        everywhere,
        others,
        timeout=600,
    )


async def generate_saves(connection: Connection, user_id: int, count: int) -> None:
    """Movies 1 to `count` that the user saved, one a second."""
    await connection.execute(
        """
        INSERT INTO saved_movies (user_id, movie_id, date_added)
        SELECT $1, id, now() - make_interval(secs => id) FROM movies WHERE id <= $2
        """,
        user_id,
        count,
    )


async def generate_sessions(connection: Connection, movie_id: int, places: int, days: int) -> None:
    """Places 1 to `places`, each with a session of the movie on each of the coming days."""
    await connection.execute(
        """
        INSERT INTO places (id, name, address, capacity)
        SELECT n, 'Lumière ' || n, '1 rue Première', 100 FROM generate_series(1, $1::int) AS n
        """,
        places,
    )
    await connection.execute(
        """
        WITH shows AS MATERIALIZED (
            SELECT place * 1000 + day AS id, place, now() + make_interval(days => day) AS starts_at
            FROM generate_series(1, $2::int) AS place CROSS JOIN generate_series(1, $3::int) AS day
        ), pools AS (
            INSERT INTO inventory (id, capacity, sales_end) SELECT id, 100, starts_at FROM shows
        )
        INSERT INTO sessions (id, movie_id, place_id, starts_at, price) SELECT id, $1, place, starts_at, 1200 FROM shows
        """,
        movie_id,
        places,
        days,
    )


async def insert_admin(connection: Connection, user_id: int) -> None:
    await connection.execute("INSERT INTO users (id, email, role) VALUES ($1, 'boss@example.com', 'admin')", user_id)


async def generate_schedule(connection: Connection, places: int, sessions_a_day: int, days: int) -> None:
    """Sessions 1, 2, … of a movie for each place, at as many places, so many a day until today."""
    await connection.execute(
        """
        INSERT INTO movies (id, title, description, duration, year)
        SELECT n, 'Movie ' || n, 'Somebody helps.', 100, 2001 FROM generate_series(1, $1::int) AS n
        """,
        places,
    )
    await connection.execute(
        """
        INSERT INTO places (id, name, address, capacity)
        SELECT n, 'Lumière ' || n, '1 rue Première', 300 FROM generate_series(1, $1::int) AS n
        """,
        places,
    )
    await connection.execute(
        """
        WITH shows AS MATERIALIZED (
            SELECT row_number() OVER () AS id, place,
                   ((now() AT TIME ZONE 'Europe/Paris')::date + 1 - $3::int + day
                    + make_interval(hours => 10 + 3 * show)) AT TIME ZONE 'Europe/Paris' AS starts_at
            FROM generate_series(0, $3::int - 1) AS day CROSS JOIN generate_series(0, $2::int - 1) AS show
            CROSS JOIN generate_series(1, $1::int) AS place
        ), pools AS (
            INSERT INTO inventory (id, capacity, sales_end) SELECT id, 300, starts_at FROM shows
        )
        INSERT INTO sessions (id, movie_id, place_id, starts_at, price)
        SELECT id, 1 + (id + place) % $1, place, starts_at, 1200 FROM shows
        """,
        places,
        sessions_a_day,
        days,
        timeout=600,
    )


async def generate_bookings(connection: Connection, user_id: int, count: int) -> None:
    """So many bookings and half as many lapsed holds, the same for all sessions; one booking in ten is cancelled."""
    await connection.execute(
        """
        INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at,
                              confirmed_at, cancelled_at)
        SELECT n, 1 + n % (SELECT count(*) FROM sessions), $1, 2,
               CASE n / 7 % 10 WHEN 0 THEN 'cancelled' ELSE 'confirmed' END, 1200, 'EUR', now(), now(),
               CASE n / 7 % 10 WHEN 0 THEN NULL ELSE now() END,
               CASE n / 7 % 10 WHEN 0 THEN now() END
        FROM generate_series(1, $2::int) AS n
        """,
        user_id,
        count,
        timeout=600,
    )
    await connection.execute(
        """
        INSERT INTO lapsed_holds (id, session_id, user_id, seats, opened_at, closes_at, reason)
        SELECT $2 + n, 1 + n % (SELECT count(*) FROM sessions), $1, 2, now(), now(), 'lapsed'
        FROM generate_series(1, $2::int / 2) AS n
        """,
        user_id,
        count,
        timeout=600,
    )


async def generate_visits(connection: Connection, count: int, days: int) -> None:
    """So many reports of pages entered and left, spread over the last days until a minute ago."""
    await connection.execute(
        """
        INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, received_at)
        SELECT n, 'visitor' || n / 2 % 5000, CASE n % 2 WHEN 0 THEN 'page_enter' ELSE 'page_exit' END, 'https',
               '/page/' || n / 2 % 97, '{}',
               now() - interval '61 seconds' - ($1 - n) * make_interval(secs => $2 * 86400.0 / $1)
        FROM generate_series(0, $1::int - 1) AS n
        """,
        count,
        days,
        timeout=600,
    )
