"""Waiting for what happens elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable

from service.postgres import Postgres


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait until the condition holds; fail after so many seconds."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  # other processes set no event
            await asyncio.sleep(0.02)


async def somebody_waits(postgres: Postgres) -> bool:
    """Whether somebody waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with postgres.acquire() as connection:
        return bool(await connection.fetchval(waiting))
