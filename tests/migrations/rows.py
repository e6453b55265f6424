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


async def add_movie(connection: Connection, *, duration: int = 100, title: str = "A Movie") -> int:
    number = next(_numbers)
    await connection.execute(
        "INSERT INTO movies (id, title, description, duration, year) VALUES ($1, $2, '', $3, 2026)",
        number,
        title,
        duration,
    )
    return number


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


async def interleave(
    connection: Connection, first: Coroutine[Any, Any, First], rival: Connection, second: Coroutine[Any, Any, Second]
) -> tuple[First, Second]:
    """Run `first` in a transaction that commits only once `second`, run by `rival`, waits for a lock of it."""
    async with connection.transaction():
        one = await first
        task = asyncio.create_task(second)
        await _waits_for_a_lock(connection, rival)
    return one, await task


async def _waits_for_a_lock(observer: Connection, waiting: Connection) -> None:
    blocked = "SELECT cardinality(pg_blocking_pids($1)) > 0"
    async with asyncio.timeout(10):
        while not await observer.fetchval(blocked, waiting.get_server_pid()):  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(0.01)
