"""The SQL of genres as staff see and change them."""

from collections.abc import Sequence

from asyncpg import Record

from service.http.cursors import Key
from service.postgres import Connection

DELETION_SECONDS = 10.0
"""How long it may take to take a genre off its movies, however many it has."""


async def page_of_genres(connection: Connection, after: Sequence[Key], limit: int) -> Sequence[Record]:
    """`limit` genres by name, after (name)."""
    return await connection.fetch(
        "SELECT id, name FROM genres WHERE name > COALESCE($1::text, '')::citext ORDER BY name LIMIT $2", *after, limit
    )


async def genre(connection: Connection, genre_id: int) -> Record | None:
    """A genre with all there is of it."""
    return await connection.fetchrow("SELECT id, name FROM genres WHERE id = $1", genre_id)


async def insert_genre(connection: Connection, genre_id: int, name: str) -> None:
    """The constraint `genres_name_key` may refuse."""
    await connection.execute("INSERT INTO genres (id, name) VALUES ($1, $2)", genre_id, name)


async def rename_genre(connection: Connection, genre_id: int, name: str) -> None:
    """The constraint `genres_name_key` may refuse."""
    await connection.execute("UPDATE genres SET name = $2 WHERE id = $1", genre_id, name)


async def lock_movies_of_genre(connection: Connection, genre_id: int) -> None:
    """Keep the genre's movies from being changed or deleted before the commit, in the order of their ids."""
    await connection.execute(
        """
        SELECT FROM movies WHERE id IN (SELECT movie_id FROM movie_genres WHERE genre_id = $1) ORDER BY id
        FOR NO KEY UPDATE
        """,
        genre_id,
        timeout=DELETION_SECONDS,
    )


async def take_off_movies(connection: Connection, genre_id: int) -> None:
    """The genre's movies must be locked. Ten thousand of them take half a second."""
    await connection.execute("DELETE FROM movie_genres WHERE genre_id = $1", genre_id, timeout=DELETION_SECONDS)


async def delete_genre(connection: Connection, genre_id: int) -> bool:
    """False when there is none. The constraint `movie_genres_genre_id_fkey` refuses while a movie has it."""
    return bool(await connection.fetchval("DELETE FROM genres WHERE id = $1 RETURNING true", genre_id))
