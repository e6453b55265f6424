"""Lists and counters equal a recomputation after, and amid, anything that the service may do."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress

import asyncpg
import pytest

from service.postgres import Connection

from .churn import Churn
from .listings import differences
from .rows import add_genre, add_user


@pytest.fixture
async def given(connection: Connection) -> tuple[list[int], list[int]]:
    """Users and genres."""
    return [await add_user(connection) for _ in range(4)], [await add_genre(connection) for _ in range(3)]


@pytest.mark.parametrize("seed", range(3))
async def test_one_change_after_another(connection: Connection, given: tuple[list[int], list[int]], seed: int) -> None:
    churn, most = Churn(*given, random.Random(seed)), 0  # noqa: S311
    for _ in range(150):
        await churn.change(connection)
        assert await differences(connection) == []
        most = max(most, await counters(connection))
    assert most > 20
    await connection.execute("DELETE FROM movies")
    assert await counters(connection) == 0


@pytest.mark.parametrize("seed", range(3))
async def test_many_changes_at_once_are_exact_at_every_moment_and_never_deadlock(
    connection: Connection, postgres_url: str, given: tuple[list[int], list[int]], seed: int
) -> None:
    """Deadlocks without SKIP LOCKED in either of the functions that count."""
    churns = [Churn(*given, random.Random(f"{seed} {number}")) for number in range(6)]  # noqa: S311
    await watch_for_differences(connection, postgres_url, churns, (asyncpg.UniqueViolationError,))


@pytest.mark.parametrize("seed", range(3))
async def test_those_who_do_not_lock_first_are_exact_too(
    connection: Connection, postgres_url: str, given: tuple[list[int], list[int]], seed: int
) -> None:
    """They may deadlock. Differs without the locks of `list_saved`, of `unlist_saved`, or of all others."""
    churns = [Churn(*given, random.Random(f"{seed} {number}"), lock_first=False) for number in range(6)]  # noqa: S311
    tolerated = (asyncpg.IntegrityConstraintViolationError, asyncpg.DeadlockDetectedError)
    await watch_for_differences(connection, postgres_url, churns, tolerated)


async def watch_for_differences(
    connection: Connection,
    url: str,
    churns: Sequence[Churn],
    tolerated: tuple[type[Exception], ...],
) -> None:
    most = 0
    pool = await asyncpg.create_pool(url, min_size=6, max_size=6, server_settings={"deadlock_timeout": "20ms"})
    async with pool, asyncio.TaskGroup() as group:
        changing = [group.create_task(repeat(pool, churn, tolerated)) for churn in churns]
        while not all(task.done() for task in changing):
            assert await differences(connection) == []
            most = max(most, await counters(connection))
    assert await differences(connection) == []
    assert most > 20


async def counters(connection: Connection) -> int:
    """How many rows the counters have."""
    count: int = await connection.fetchval(
        "SELECT (SELECT count(*) FROM country_counts) + (SELECT count(*) FROM saved_counts)"
    )
    return count


async def repeat(pool: "asyncpg.Pool[asyncpg.Record]", churn: Churn, tolerated: tuple[type[Exception], ...]) -> None:
    for _ in range(100):
        async with pool.acquire() as connection:
            with suppress(*tolerated):  # two may save a movie for one user
                await churn.change(connection)
