"""Deleting rows that are too old."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from service.postgres import Connection, Postgres

AT_ONCE = 5_000


async def delete_old(
    postgres: Postgres, delete: Callable[[Connection, timedelta, int], Awaitable[int]], older_than: timedelta
) -> None:
    """Delete what is older, some thousands at a time, so that no statement takes long.

    `delete` deletes that many at most, and says how many it did. What an attempt deleted stays so.
    """
    deleted = AT_ONCE
    while deleted == AT_ONCE:
        async with postgres.acquire() as connection:
            deleted = await delete(connection, older_than, AT_ONCE)
