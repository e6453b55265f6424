"""The SQL that changes movies."""

from asyncpg import Record

from service.postgres import Connection


async def insert_movie(
    connection: Connection,
    movie_id: int,
    *,
    title: str,
    description: str,
    poster: str | None,
    duration: int,
    year: int,
) -> None:
    """`duration` is in minutes."""
    await connection.execute(
        "INSERT INTO movies (id, title, description, poster, duration, year) VALUES ($1, $2, $3, $4, $5, $6)",
        movie_id,
        title,
        description,
        poster,
        duration,
        year,
    )


async def lock_movie(connection: Connection, movie_id: int) -> Record | None:
    """What `update_movie` changes, locked: nobody else changes the movie or its schedule before the commit."""
    return await connection.fetchrow(
        "SELECT title, description, poster, duration, year FROM movies WHERE id = $1 FOR NO KEY UPDATE", movie_id
    )


async def update_movie(
    connection: Connection,
    movie_id: int,
    *,
    title: str,
    description: str,
    poster: str | None,
    duration: int,
    year: int,
) -> None:
    """Another duration moves the ends of the movie's sessions: the constraint `sessions_do_not_overlap` may refuse."""
    await connection.execute(
        "UPDATE movies SET title = $2, description = $3, poster = $4, duration = $5, year = $6 WHERE id = $1",
        movie_id,
        title,
        description,
        poster,
        duration,
        year,
    )


async def lock_movie_whole(connection: Connection, movie_id: int) -> bool:
    """Whether there is such a movie. Until the commit no session can be added to it."""
    return bool(await connection.fetchval("SELECT true FROM movies WHERE id = $1 FOR UPDATE", movie_id))


async def sessions_of_movie(connection: Connection, movie_id: int) -> list[int]:
    """The ids of the movie's sessions."""
    return [row["id"] for row in await connection.fetch("SELECT id FROM sessions WHERE movie_id = $1", movie_id)]


async def delete_movie(connection: Connection, movie_id: int) -> None:
    """Its ratings go with it; its sessions must have gone."""
    await connection.execute("DELETE FROM movies WHERE id = $1", movie_id)
