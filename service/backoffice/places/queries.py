"""The SQL of places as staff see and change them."""

from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg import Record

from service.http.cursors import Key
from service.postgres import Connection


async def page_of_places(connection: Connection, after: Sequence[Key], limit: int) -> Sequence[Record]:
    """`limit` places by name and id, after (name, id)."""
    return await connection.fetch(
        """
        SELECT id, name, address, capacity, timezone, seat_plan_id IS NOT NULL AS numbered, created_at FROM places
        WHERE (name, id) > (COALESCE($1::text, ''), COALESCE($2::bigint, 0))
        ORDER BY name, id LIMIT $3
        """,
        *after,
        limit,
    )


async def place(connection: Connection, place_id: int) -> Record | None:
    """A place with all that staff see."""
    return await connection.fetchrow(
        """
        SELECT places.id, name, address, places.capacity, timezone, seat_plan_id IS NOT NULL AS numbered,
               plan AS seat_plan, places.created_at
        FROM places LEFT JOIN seat_plans ON seat_plans.id = seat_plan_id WHERE places.id = $1
        """,
        place_id,
    )


async def insert_place(
    connection: Connection, place_id: int, *, name: str, address: str, capacity: int, timezone: str
) -> None:
    """Raises `asyncpg.InvalidParameterValueError` when Postgres does not know the time zone."""
    await connection.execute(
        "INSERT INTO places (id, name, address, capacity, timezone) VALUES ($1, $2, $3, $4, $5)",
        place_id,
        name,
        address,
        capacity,
        timezone,
    )


async def insert_plan(connection: Connection, plan_id: int, place_id: int, plan: Mapping[str, Any]) -> None:
    """A seat plan, which its place does not use yet."""
    await connection.execute("INSERT INTO seat_plans (id, place_id, plan) VALUES ($1, $2, $3)", plan_id, place_id, plan)


async def use_plan(connection: Connection, place_id: int, plan_id: int) -> None:
    """A plan of as many seats as the place has becomes that of its new sessions."""
    await connection.execute("UPDATE places SET seat_plan_id = $2 WHERE id = $1", place_id, plan_id)


async def lock_place(connection: Connection, place_id: int) -> Record | None:
    """What `update_place` changes, locked: nobody else changes the place or its schedule before the commit."""
    return await connection.fetchrow(
        "SELECT name, address, capacity, timezone, seat_plan_id FROM places WHERE id = $1 FOR NO KEY UPDATE", place_id
    )


async def update_place(
    connection: Connection,
    place_id: int,
    *,
    name: str,
    address: str,
    capacity: int,
    timezone: str,
    seat_plan_id: int | None,
) -> None:
    """Raises `asyncpg.InvalidParameterValueError` like `insert_place`. A place has as many seats as its plan."""
    await connection.execute(
        """
        UPDATE places SET name = $2, address = $3, capacity = $4, timezone = $5, seat_plan_id = $6 WHERE id = $1
        """,
        place_id,
        name,
        address,
        capacity,
        timezone,
        seat_plan_id,
    )


async def coming_sessions(connection: Connection, place_id: int) -> list[int]:
    """The ids of the place's sessions that have not started and are not cancelled."""
    rows = await connection.fetch(
        "SELECT id FROM sessions WHERE place_id = $1 AND starts_at > now() AND cancelled_at IS NULL", place_id
    )
    return [row["id"] for row in rows]


async def set_capacity(connection: Connection, session_ids: Sequence[int], capacity: int) -> Sequence[Record]:
    """The changed inventory rows of those sessions that were not cancelled before their inventory was locked.

    Sessions that sell by a seat plan keep its capacity. The constraint `inventory_not_oversold` may refuse.
    """
    return await connection.fetch(
        """
        UPDATE inventory SET capacity = $2 FROM sessions
        WHERE inventory.id = ANY($1::bigint[]) AND capacity <> $2 AND seat_plan_id IS NULL
          AND sessions.id = inventory.id AND cancelled_at IS NULL
        RETURNING inventory.id, capacity, sold, sales_end, version, seat_plan_id, sold_seats::text
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
    """Its sessions must have gone; its seat plans go with it."""
    await connection.execute("DELETE FROM places WHERE id = $1", place_id)
