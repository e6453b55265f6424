"""The SQL of actors as staff see and change them."""

from collections.abc import Sequence

from asyncpg import Record

from service.http.cursors import Key
from service.postgres import Connection

DELETION_SECONDS = 10.0
"""How long it may take to take an actor out of all casts."""


async def page_of_actors(connection: Connection, after: Sequence[Key], limit: int) -> Sequence[Record]:
    """`limit` actors by name and id, after (name, id)."""
    return await connection.fetch(
        """
        SELECT id, name FROM actors WHERE (name, id) > (COALESCE($1::text, ''), COALESCE($2::bigint, 0))
        ORDER BY name, id LIMIT $3
        """,
        *after,
        limit,
    )


async def actor(connection: Connection, actor_id: int) -> Record | None:
    """An actor with all there is of it."""
    return await connection.fetchrow("SELECT id, name FROM actors WHERE id = $1", actor_id)


async def insert_actor(connection: Connection, actor_id: int, name: str) -> None:
    """An actor in no cast yet."""
    await connection.execute("INSERT INTO actors (id, name) VALUES ($1, $2)", actor_id, name)


async def rename_actor(connection: Connection, actor_id: int, name: str) -> None:
    """Casts go by the id."""
    await connection.execute("UPDATE actors SET name = $2 WHERE id = $1", actor_id, name)


async def lock_movies_with_actor(connection: Connection, actor_id: int) -> None:
    """Keep the movies with the actor from being changed or deleted before the commit, in the order of their ids."""
    await connection.execute(
        """
        SELECT FROM movies WHERE id IN (SELECT movie_id FROM movie_cast WHERE actor_id = $1) ORDER BY id
        FOR NO KEY UPDATE
        """,
        actor_id,
        timeout=DELETION_SECONDS,
    )


async def take_out_of_casts(connection: Connection, actor_id: int) -> None:
    """The movies must be locked."""
    await connection.execute("DELETE FROM movie_cast WHERE actor_id = $1", actor_id, timeout=DELETION_SECONDS)


async def delete_actor(connection: Connection, actor_id: int) -> bool:
    """False when there is none. The constraint `movie_cast_actor_id_fkey` refuses while a movie has the actor."""
    return bool(await connection.fetchval("DELETE FROM actors WHERE id = $1 RETURNING true", actor_id))
