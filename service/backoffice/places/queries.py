"""The SQL of places as staff see and change them."""

from collections.abc import Sequence

from asyncpg import Record

from service.http.cursors import Key
from service.postgres import Connection


async def page_of_places(connection: Connection, after: Sequence[Key], limit: int) -> Sequence[Record]:
    """`limit` places by name and id, after (name, id)."""
    return await connection.fetch(
        """
        SELECT id, name, address, capacity, timezone, created_at FROM places
        WHERE (name, id) > (COALESCE($1::text, ''), COALESCE($2::bigint, 0))
        ORDER BY name, id LIMIT $3
        """,
        *after,
        limit,
    )


async def place(connection: Connection, place_id: int) -> Record | None:
    """A place with all that staff see."""
    return await connection.fetchrow(
        "SELECT id, name, address, capacity, timezone, created_at FROM places WHERE id = $1", place_id
    )


async def insert_place(
    connection: Connection, place_id: int, *, name: str, address: str, capacity: int, timezone: str
) -> Record | None:
    """The new place. Raises `asyncpg.InvalidParameterValueError` when Postgres does not know the time zone."""
    return await connection.fetchrow(
        """
        INSERT INTO places (id, name, address, capacity, timezone) VALUES ($1, $2, $3, $4, $5)
        RETURNING id, name, address, capacity, timezone, created_at
        """,
        place_id,
        name,
        address,
        capacity,
        timezone,
    )


async def lock_place(connection: Connection, place_id: int) -> Record | None:
    """What `update_place` changes, locked: nobody else changes the place or its schedule before the commit."""
    return await connection.fetchrow(
        "SELECT name, address, capacity, timezone FROM places WHERE id = $1 FOR NO KEY UPDATE", place_id
    )


async def update_place(
    connection: Connection, place_id: int, *, name: str, address: str, capacity: int, timezone: str
) -> Record | None:
    """The place as it is then. Raises `asyncpg.InvalidParameterValueError` like `insert_place`."""
    return await connection.fetchrow(
        """
        UPDATE places SET name = $2, address = $3, capacity = $4, timezone = $5 WHERE id = $1
        RETURNING id, name, address, capacity, timezone, created_at
        """,
        place_id,
        name,
        address,
        capacity,
        timezone,
    )


async def coming_sessions(connection: Connection, place_id: int) -> list[int]:
    """The ids of the place's sessions that have not started and are not cancelled."""
    rows = await connection.fetch(
        "SELECT id FROM sessions WHERE place_id = $1 AND starts_at > now() AND cancelled_at IS NULL", place_id
    )
    return [row["id"] for row in rows]


async def set_capacity(connection: Connection, session_ids: Sequence[int], capacity: int) -> Sequence[Record]:
    """The changed inventory rows of those sessions that were not cancelled before their inventory was locked.

    The constraint `inventory_not_oversold` may refuse.
    """
    return await connection.fetch(
        """
        UPDATE inventory SET capacity = $2 FROM sessions
        WHERE inventory.id = ANY($1::bigint[]) AND capacity <> $2
          AND sessions.id = inventory.id AND cancelled_at IS NULL
        RETURNING inventory.id, capacity, sold, sales_end, version
        """,
        session_ids,
        capacity,
    )


async def lock_place_whole(connection: Connection, place_id: int) -> bool:
    """Whether there is such a place. Until the commit no session can be added to it."""
    return bool(await connection.fetchval("SELECT true FROM places WHERE id = $1 FOR UPDATE", place_id))


async def movies_at_place(connection: Connection, place_id: int) -> set[int]:
    """The ids of the movies that have sessions at the place."""
    rows = await connection.fetch("SELECT DISTINCT movie_id FROM sessions WHERE place_id = $1", place_id)
    return {row["movie_id"] for row in rows}


async def sessions_of_place(connection: Connection, place_id: int) -> list[int]:
    """The ids of the place's sessions."""
    return [row["id"] for row in await connection.fetch("SELECT id FROM sessions WHERE place_id = $1", place_id)]


async def delete_place(connection: Connection, place_id: int) -> None:
    """Its sessions must have gone."""
    await connection.execute("DELETE FROM places WHERE id = $1", place_id)
