"""The SQL that changes the schedule."""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import Record

from service.postgres import Connection

DELETE_SECONDS = 10.0
"""How long it may take to delete sessions, however many bookings were given up and holds have lapsed."""


async def manages(connection: Connection, user_id: int, place_id: int) -> bool:
    """Whether the place is assigned to the user."""
    assigned: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM manager_places WHERE user_id = $1 AND place_id = $2)", user_id, place_id
    )
    return assigned


async def lock_movies(connection: Connection, movie_ids: Sequence[int]) -> set[int]:
    """Those of the movies that exist, locked in the order of their ids: nobody else changes their schedule."""
    rows = await connection.fetch(
        "SELECT id FROM movies WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", movie_ids
    )
    return {row["id"] for row in rows}


async def lock_places(connection: Connection, place_ids: Sequence[int]) -> set[int]:
    """Those of the places that exist, locked like the movies: nobody else changes their capacity or seat plan."""
    rows = await connection.fetch(
        "SELECT id FROM places WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", place_ids
    )
    return {row["id"] for row in rows}


async def insert_inventory(connection: Connection, session_id: int, place_id: int, sales_end: datetime) -> None:
    """A session's inventory comes before the session: of all seats of the place, which is locked."""
    await connection.execute(
        """
        INSERT INTO inventory (id, capacity, sales_end, seat_plan_id, sold_seats)
        SELECT $1, places.capacity, $3, seat_plan_id, repeat('0', cells)::bit varying
        FROM places LEFT JOIN seat_plans ON seat_plans.id = seat_plan_id WHERE places.id = $2
        """,
        session_id,
        place_id,
        sales_end,
    )


async def move_inventory(
    connection: Connection, session_id: int, place_id: int, sales_end: datetime
) -> Sequence[Record]:
    """Sell the seats of another place, which is locked; the one changed row, as it is then. Nothing may be sold."""
    return await connection.fetch(
        """
        UPDATE inventory SET capacity = places.capacity, sales_end = $3, seat_plan_id = places.seat_plan_id,
                             sold_seats = repeat('0', cells)::bit varying
        FROM places LEFT JOIN seat_plans ON seat_plans.id = places.seat_plan_id
        WHERE inventory.id = $1 AND places.id = $2
        RETURNING inventory.id, inventory.capacity, sold, sales_end, version, inventory.seat_plan_id, sold_seats::text
        """,
        session_id,
        place_id,
        sales_end,
    )


async def retime_inventory(
    connection: Connection, session_id: int, place_id: int, sales_end: datetime
) -> Sequence[Record]:
    """Sell until another time; the one changed row, as it is then.

    Where seats are only counted, the capacity is that of the place from now on; a seat plan stays as it is.
    """
    return await connection.fetch(
        """
        UPDATE inventory SET sales_end = $3,
               capacity = CASE WHEN inventory.seat_plan_id IS NULL THEN places.capacity ELSE inventory.capacity END
        FROM places WHERE inventory.id = $1 AND places.id = $2
        RETURNING inventory.id, inventory.capacity, sold, sales_end, version, inventory.seat_plan_id, sold_seats::text
        """,
        session_id,
        place_id,
        sales_end,
    )


async def close_inventory(connection: Connection, session_id: int) -> Sequence[Record]:
    """Sell nothing any more; the one changed row, as it is then. Its confirmed bookings must be cancelled with it."""
    return await connection.fetch(
        """
        UPDATE inventory SET capacity = 0, sold = 0, sales_end = LEAST(sales_end, now()),
                             sold_seats = repeat('0', seat_cells)::bit varying
        WHERE id = $1
        RETURNING id, capacity, sold, sales_end, version, seat_plan_id, sold_seats::text
        """,
        session_id,
    )


async def cancel_session(connection: Connection, session_id: int) -> None:
    """Its place is free for another session."""
    await connection.execute("UPDATE sessions SET cancelled_at = now() WHERE id = $1", session_id)


async def insert_session(
    connection: Connection,
    session_id: int,
    *,
    movie_id: int,
    place_id: int,
    starts_at: datetime,
    price: int,
    currency: str,
) -> None:
    """The constraint `sessions_do_not_overlap` may refuse."""
    await connection.execute(
        """
        INSERT INTO sessions (id, movie_id, place_id, starts_at, price, currency) VALUES ($1, $2, $3, $4, $5, $6)
        """,
        session_id,
        movie_id,
        place_id,
        starts_at,
        price,
        currency,
    )


async def update_session(
    connection: Connection,
    session_id: int,
    *,
    movie_id: int,
    place_id: int,
    starts_at: datetime,
    price: int,
    currency: str,
) -> None:
    """The constraint `sessions_do_not_overlap` may refuse."""
    await connection.execute(
        """
        UPDATE sessions SET movie_id = $2, place_id = $3, starts_at = $4, price = $5, currency = $6 WHERE id = $1
        """,
        session_id,
        movie_id,
        place_id,
        starts_at,
        price,
        currency,
    )


async def any_confirmed(connection: Connection, session_ids: Sequence[int]) -> bool:
    """Whether one of the sessions has a confirmed booking."""
    confirmed: bool = await connection.fetchval(
        """
        SELECT EXISTS (SELECT FROM bookings WHERE session_id = ANY($1::bigint[]) AND status = 'confirmed')
        """,
        session_ids,
    )
    return confirmed


async def any_ever_confirmed(connection: Connection, session_ids: Sequence[int]) -> bool:
    """Whether one of the sessions has a booking that was confirmed, those cancelled since included."""
    ever_confirmed: bool = await connection.fetchval(
        """
        SELECT EXISTS (SELECT FROM bookings WHERE session_id = ANY($1::bigint[]) AND confirmed_at IS NOT NULL)
        """,
        session_ids,
    )
    return ever_confirmed


async def delete_sessions(connection: Connection, session_ids: Sequence[int]) -> None:
    """Their bookings and lapsed holds go with them."""
    await connection.execute("DELETE FROM sessions WHERE id = ANY($1::bigint[])", session_ids, timeout=DELETE_SECONDS)


async def delete_inventory(connection: Connection, session_ids: Sequence[int]) -> None:
    """The sessions must have gone."""
    await connection.execute("DELETE FROM inventory WHERE id = ANY($1::bigint[])", session_ids)
