"""What is derived of movies for lists of them, beside a recomputation."""

from typing import Any

import asyncpg

from service.postgres import Connection

_PAIRS = {
    "country_listings": (
        "SELECT movie_id, country_code, year FROM country_listings",
        "SELECT movie_id, country_code, year FROM movie_availability JOIN movies ON id = movie_id",
    ),
    "genre_listings": (
        "SELECT movie_id, genre_id, year FROM genre_listings",
        "SELECT movie_id, genre_id, year FROM movie_genres JOIN movies ON id = movie_id",
    ),
    "genres of movies": (
        "SELECT id, genre_ids FROM movies",
        """
        SELECT id, ARRAY(SELECT genre_id FROM movie_genres WHERE movie_id = id ORDER BY genre_id) AS genre_ids
        FROM movies
        """,
    ),
    "country_counts": (
        "SELECT country_code, genre_id, year, sum(movies) FROM country_counts GROUP BY 1, 2, 3 HAVING sum(movies) <> 0",
        """
        SELECT country_code, genre_id, year, count(*)
        FROM (
            SELECT movie_id, 0 AS genre_id FROM movie_availability GROUP BY movie_id
            UNION ALL
            SELECT movie_id, genre_id FROM movie_genres
        ) AS given JOIN movie_availability USING (movie_id) JOIN movies ON movies.id = movie_id
        GROUP BY 1, 2, 3
        """,
    ),
    "saved_listings": (
        "SELECT user_id, movie_id, country_code, date_added FROM saved_listings",
        "SELECT user_id, movie_id, country_code, date_added FROM saved_movies JOIN movie_availability USING (movie_id)",
    ),
    "saved_counts": (
        "SELECT user_id, country_code, sum(movies) FROM saved_counts GROUP BY 1, 2 HAVING sum(movies) <> 0",
        """
        SELECT user_id, country_code, count(*) FROM saved_movies JOIN movie_availability USING (movie_id)
        GROUP BY 1, 2
        """,
    ),
}
_DIFFERENCES = " UNION ALL ".join(
    f"SELECT '{table}' AS table, to_jsonb(kept)::text AS kept, to_jsonb(made)::text AS recomputed"  # noqa: S608
    f" FROM ({kept}) AS kept FULL JOIN ({made}) AS made ON kept = made WHERE kept IS NULL OR made IS NULL"
    for table, (kept, made) in _PAIRS.items()
)


async def differences(connection: Connection) -> list[asyncpg.Record]:
    """The rows of derived tables that a recomputation does not have, and the other way round: none, at any moment."""
    return await connection.fetch(_DIFFERENCES)


async def countries(connection: Connection, movie: int) -> dict[str, int]:
    """Where the movie is listed, and under which year."""
    listed = "SELECT country_code, year FROM country_listings WHERE movie_id = $1 ORDER BY country_code"
    return {row["country_code"]: row["year"] for row in await connection.fetch(listed, movie)}


async def counted(connection: Connection, country: str, genre: int = 0) -> dict[int, int]:
    """How many movies of each year the counters say that there are."""
    rows = await connection.fetch(
        "SELECT year, sum(movies) AS movies FROM country_counts WHERE country_code = $1 AND genre_id = $2"
        " GROUP BY year ORDER BY year",
        country,
        genre,
    )
    return {row["year"]: row["movies"] for row in rows}


async def saved(connection: Connection, user: int, country: str) -> tuple[list[int], Any]:
    """The user's saved movies that are listed in the country, and how many the counters say that there are."""
    rows = await connection.fetch(
        "SELECT movie_id FROM saved_listings WHERE user_id = $1 AND country_code = $2 ORDER BY movie_id", user, country
    )
    total = await connection.fetchval(
        "SELECT sum(movies) FROM saved_counts WHERE user_id = $1 AND country_code = $2", user, country
    )
    return [row["movie_id"] for row in rows], total or 0
