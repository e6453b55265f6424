"""The SQL of discovery. Pages of lists are as `statements` has them: the total in each row, and at least one row."""

from collections.abc import Sequence

from asyncpg import Record

from service.discovery.schemas import MoviePage, NumberedPage, SavedMoviePage
from service.discovery.statements import PAGES_OF_COUNTRY, PAGES_OF_GENRE, SAVED_PAGES
from service.postgres import Connection


async def page_of_genres(connection: Connection, query: NumberedPage) -> Sequence[Record]:
    """Genres by name."""
    return await connection.fetch(
        """
        SELECT (SELECT count(*) FROM genres) AS total, id, name
        FROM (VALUES (1)) AS always
        LEFT JOIN (SELECT id, name FROM genres ORDER BY name OFFSET $1 LIMIT $2) AS page ON true
        ORDER BY name
        """,
        query.offset,
        query.page_size,
    )


async def countries_with_movies(connection: Connection, codes: Sequence[str]) -> list[str]:
    """Those of `codes` where any movie is available, in the same order."""
    rows = await connection.fetch(
        """
        SELECT code FROM unnest($1::text[]) WITH ORDINALITY AS given (code, place)
        WHERE EXISTS (SELECT FROM movie_availability WHERE country_code = code::bpchar)
        ORDER BY place
        """,
        codes,
    )
    return [row["code"] for row in rows]


async def page_of_movies(connection: Connection, query: MoviePage) -> Sequence[Record]:
    """Movies that are available in a country. `genre_exists` is false where there is no such genre."""
    values = (query.country, query.offset, query.page_size)
    if query.genre is None:
        return await connection.fetch(PAGES_OF_COUNTRY[query.sort], *values)
    return await connection.fetch(PAGES_OF_GENRE[query.sort], *values, query.genre)


async def page_of_saved_movies(connection: Connection, user_id: int, query: SavedMoviePage) -> Sequence[Record]:
    """The user's saved movies that are available in a country."""
    return await connection.fetch(SAVED_PAGES[query.sort], user_id, query.country, query.offset, query.page_size)


async def movie(connection: Connection, movie_id: int) -> Record | None:
    """A movie with its genres by name, its cast by the credits, both as [id, name], and its countries by code."""
    return await connection.fetchrow(
        """
        SELECT id, title, year, description, poster,
               (
                   SELECT COALESCE(jsonb_agg(jsonb_build_array(genres.id, name) ORDER BY name), '[]')
                   FROM movie_genres JOIN genres ON genres.id = genre_id WHERE movie_id = movies.id
               ) AS genres,
               (
                   SELECT COALESCE(jsonb_agg(jsonb_build_array(actors.id, name) ORDER BY position, actors.id), '[]')
                   FROM movie_cast JOIN actors ON actors.id = actor_id WHERE movie_id = movies.id
               ) AS cast,
               ARRAY(
                   SELECT country_code::text FROM movie_availability WHERE movie_id = movies.id ORDER BY country_code
               ) AS countries
        FROM movies WHERE id = $1
        """,
        movie_id,
    )


async def lock_user(connection: Connection, user_id: int) -> bool:
    """Whether there is such a user, who cannot be erased before the commit."""
    return bool(
        await connection.fetchval("SELECT true FROM users WHERE id = $1 AND erased_at IS NULL FOR KEY SHARE", user_id)
    )


async def lock_movie(connection: Connection, movie_id: int) -> bool:
    """Whether there is such a movie, which until the commit is neither deleted nor offered or withdrawn anywhere.

    To be read by later statements, whose snapshots have what was committed before the lock was had.
    """
    # Not FOR SHARE: shares that overlap without a gap, as those of a crowd do, keep whoever rates the movie waiting.
    return bool(await connection.fetchval("SELECT true FROM movies WHERE id = $1 FOR NO KEY UPDATE", movie_id))


async def is_available(connection: Connection, movie_id: int, country: str) -> bool:
    """Whether the movie is available in the country."""
    available: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM movie_availability WHERE movie_id = $1 AND country_code = $2)", movie_id, country
    )
    return available


async def insert_saved(connection: Connection, user_id: int, movie_id: int) -> None:
    """Raises `UniqueViolationError` (saved_movies_pkey) when it is saved already."""
    await connection.execute("INSERT INTO saved_movies (user_id, movie_id) VALUES ($1, $2)", user_id, movie_id)


async def delete_saved(connection: Connection, user_id: int, movie_id: int) -> bool:
    """False when it was not saved."""
    return bool(
        await connection.fetchval(
            "DELETE FROM saved_movies WHERE user_id = $1 AND movie_id = $2 RETURNING true", user_id, movie_id
        )
    )
