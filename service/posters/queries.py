"""The SQL of posters."""

from collections.abc import Sequence

from asyncpg import Record

from service.posters.keeping import Kept
from service.postgres import Connection


async def poster(connection: Connection, movie_id: int, known: Sequence[str]) -> Record | None:
    """A movie's poster, without the image where its digest is `known`; nulls where none was uploaded.

    None when there is no such movie.
    """
    return await connection.fetchrow(
        """
        SELECT digest, CASE WHEN digest <> ALL($2::text[]) THEN image END AS image, file
        FROM movies LEFT JOIN posters ON movie_id = id WHERE id = $1
        """,
        movie_id,
        known,
    )


async def file_of(connection: Connection, movie_id: int) -> str | None:
    """The file of the movie's poster; None where it has none."""
    file: str | None = await connection.fetchval("SELECT file FROM posters WHERE movie_id = $1", movie_id)
    return file


async def upsert_poster(connection: Connection, movie_id: int, kept: Kept) -> None:
    """The movie must be locked."""
    await connection.execute(
        """
        INSERT INTO posters (movie_id, digest, image, file) VALUES ($1, $2, $3, $4)
        ON CONFLICT (movie_id) DO UPDATE
        SET digest = excluded.digest, image = excluded.image, file = excluded.file, uploaded_at = now()
        """,
        movie_id,
        kept.digest,
        kept.image,
        kept.file,
    )


async def delete_poster(connection: Connection, movie_id: int) -> str | None:
    """The file of the poster that is no more; None where it had none. The movie must be locked."""
    file: str | None = await connection.fetchval("DELETE FROM posters WHERE movie_id = $1 RETURNING file", movie_id)
    return file
