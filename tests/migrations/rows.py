"""Rows to try the schema with, and two transactions that meet."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from service.postgres import Connection

First = TypeVar("First")
Second = TypeVar("Second")

_numbers = count(1)

EVENING = datetime(2026, 6, 5, 18, tzinfo=UTC)


def days(number: int) -> timedelta:
    return timedelta(days=number)


async def add_user(connection: Connection) -> int:
    number = next(_numbers)
    await connection.execute("INSERT INTO users (id, email) VALUES ($1, $2)", number, f"user{number}@holdfast.example")
    return number


async def add_movie(connection: Connection, *, duration: int = 100, title: str = "A Movie", year: int = 2026) -> int:
    number = next(_numbers)
    await connection.execute(
        "INSERT INTO movies (id, title, description, duration, year) VALUES ($1, $2, '', $3, $4)",
        number,
        title,
        duration,
        year,
    )
    return number


async def add_genre(connection: Connection) -> int:
    number = next(_numbers)
    await connection.execute("INSERT INTO genres (id, name) VALUES ($1, $2)", number, f"Genre {number}")
    return number


async def offer(connection: Connection, movie: int, *countries: str) -> None:
    await connection.execute(
        "INSERT INTO movie_availability (movie_id, country_code) SELECT $1, unnest($2::text[])", movie, countries
    )


async def withdraw(connection: Connection, movie: int, *countries: str) -> None:
    await connection.execute(
        "DELETE FROM movie_availability WHERE movie_id = $1 AND country_code = ANY ($2)", movie, countries
    )


async def classify(connection: Connection, movie: int, *genres: int) -> None:
    await connection.execute(
        "INSERT INTO movie_genres (movie_id, genre_id) SELECT $1, unnest($2::bigint[])", movie, genres
    )


async def redate(connection: Connection, movie: int, year: int) -> None:
    await connection.execute("UPDATE movies SET year = $2 WHERE id = $1", movie, year)


async def save(connection: Connection, user: int, *movies: int) -> None:
    await connection.execute(
        "INSERT INTO saved_movies (user_id, movie_id) SELECT $1, unnest($2::bigint[])", user, movies
    )


async def unsave(connection: Connection, user: int, *movies: int) -> None:
    await connection.execute("DELETE FROM saved_movies WHERE user_id = $1 AND movie_id = ANY ($2)", user, movies)


async def add_place(connection: Connection, *, timezone: str = "Europe/Paris") -> int:
    number = next(_numbers)
    await connection.execute(
        "INSERT INTO places (id, name, address, capacity, timezone) VALUES ($1, 'A Place', '', 100, $2)",
        number,
        timezone,
    )
    return number


async def add_inventory(connection: Connection, *, capacity: int = 100) -> int:
    number = next(_numbers)
    await connection.execute(
        "INSERT INTO inventory (id, capacity, sales_end) VALUES ($1, $2, $3)", number, capacity, EVENING
    )
    return number


async def add_session(
    connection: Connection, movie: int, place: int, starts_at: datetime = EVENING, *, cancelled: bool = False
) -> int:
    number = await add_inventory(connection)
    await connection.execute(
        "INSERT INTO sessions (id, movie_id, place_id, starts_at, price, cancelled_at)"
        " VALUES ($1, $2, $3, $4, 900, CASE WHEN $5 THEN now() END)",
        number,
        movie,
        place,
        starts_at,
        cancelled,
    )
    return number


async def add_sessions(
    connection: Connection, movies: list[int], place: int, total: int, start: datetime = EVENING
) -> None:
    """Add sessions of the movies in turn, one every three hours, in one statement."""
    first, last = next(_numbers), [next(_numbers) for _ in range(total)][-1]
    await connection.execute(
        "INSERT INTO inventory (id, capacity, sales_end) SELECT n, 9, now() FROM generate_series($1::int + 1, $2) n",
        first,
        last,
    )
    await connection.execute(
        "INSERT INTO sessions (id, movie_id, place_id, starts_at, price)"
        " SELECT $2 + n, ($4::bigint[])[1 + n % cardinality($4)], $5, $1::timestamptz + n * interval '3 h', 900"
        " FROM generate_series(1, $3::int) n",
        start,
        first,
        total,
        movies,
        place,
    )


async def add_booking(
    connection: Connection, session: int, user: int, *, currency: str = "EUR", supplements: int = 0
) -> int:
    """A confirmed booking of two seats at 900 cents."""
    number = next(_numbers)
    await connection.execute(
        """
        INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at,
                              confirmed_at, supplements)
        VALUES ($1, $2, $3, 2, 'confirmed', 900, $4, $5, $5, $5, $6)
        """,
        number,
        session,
        user,
        currency,
        EVENING,
        supplements,
    )
    return number


async def interleave(
    connection: Connection, first: Coroutine[Any, Any, First], rival: Connection, second: Coroutine[Any, Any, Second]
) -> tuple[First, Second]:
    """Run `first` in a transaction that commits only once `second`, run by `rival`, waits for a lock of it."""
    async with connection.transaction():
        one = await first
        task = asyncio.create_task(second)
        await _waits_for_a_lock(connection, rival)
    return one, await task


async def overlap(
    connection: Connection, first: Coroutine[Any, Any, First], rival: Connection, second: Coroutine[Any, Any, Second]
) -> tuple[First, Second]:
    """Like `interleave`, but `second` may also end, if nothing stops it, before `first` is committed."""
    async with connection.transaction():
        one = await first
        task = asyncio.create_task(second)
        waiting = asyncio.create_task(_waits_for_a_lock(connection, rival))
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            await asyncio.wait([waiting])
    return one, await task


async def without(connection: Connection, words: str, *functions: str) -> None:
    """Redefine the functions without the lines that have the words: each of them has one."""
    for function in functions:
        definition = await connection.fetchval("SELECT pg_get_functiondef($1::text::regproc)", function)
        lines = definition.splitlines(keepends=True)
        unguarded = [line for line in lines if words not in line]
        assert len(unguarded) == len(lines) - 1
        await connection.execute("".join(unguarded))


async def _waits_for_a_lock(observer: Connection, waiting: Connection) -> None:
    blocked = "SELECT cardinality(pg_blocking_pids($1)) > 0"
    async with asyncio.timeout(10):
        while not await observer.fetchval(blocked, waiting.get_server_pid()):  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(0.01)
