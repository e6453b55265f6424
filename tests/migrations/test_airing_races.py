"""Airing dates when several transactions change the sessions of one movie at once."""

import asyncio
import random
from datetime import date

import asyncpg
import pytest

from service.postgres import Connection

from .rows import EVENING, add_movie, add_place, add_session, add_sessions, days, interleave
from .test_airing_dates import WRONG, airing, june

CHANGES = (
    "DELETE FROM sessions",
    "UPDATE sessions SET cancelled_at = now()",
    "UPDATE sessions SET starts_at = $2",
    "UPDATE sessions SET movie_id = $3",
)


async def insert_at_once(connection: Connection, rival: Connection) -> tuple[date | None, date | None]:
    """One transaction adds a session on the 5th, another one on the 9th while the first is not yet committed."""
    movie = await add_movie(connection)
    places = await add_place(connection), await add_place(connection)
    await interleave(
        connection,
        add_session(connection, movie, places[0], EVENING),
        rival,
        add_session(rival, movie, places[1], EVENING + days(4)),
    )
    return await airing(connection, movie)


async def test_two_inserts(connection: Connection, rival: Connection) -> None:
    assert await insert_at_once(connection, rival) == june(5, 9)


async def test_without_the_lock_an_insert_is_overlooked(connection: Connection, rival: Connection) -> None:
    """The guard of `test_two_inserts` taken out: the update waits too, but recomputes from its old snapshot."""
    definition = await connection.fetchval("SELECT pg_get_functiondef('refresh_airing_dates'::regproc)")
    lines = definition.splitlines(keepends=True)
    unguarded = [line for line in lines if "FOR NO KEY UPDATE" not in line]
    assert len(unguarded) == len(lines) - 1
    await connection.execute("".join(unguarded))
    assert await insert_at_once(connection, rival) == june(9, 9)


async def test_deleting_the_last_while_another_is_added(connection: Connection, rival: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    last = await add_session(connection, movie, place, EVENING + days(9))
    await interleave(
        connection,
        add_session(connection, movie, place, EVENING + days(1)),
        rival,
        rival.execute("DELETE FROM sessions WHERE id = $1", last),
    )
    assert await airing(connection, movie) == june(6, 6)


async def test_bulk_inserts_in_opposite_orders_do_not_deadlock(connection: Connection, rival: Connection) -> None:
    """Fails when `time_session` locks the movie of each row instead, in the order of the rows."""
    movies = [await add_movie(connection) for _ in range(20)]
    places = [await add_place(connection) for _ in range(2)]
    for batch in range(20):
        start = EVENING + days(3 * batch)
        await asyncio.gather(
            add_sessions(connection, movies, places[0], 20, start),
            add_sessions(rival, movies[::-1], places[1], 20, start),
        )
    assert await connection.fetch(WRONG) == []


@pytest.mark.parametrize("seed", range(3))
async def test_churn_equals_recomputation(connection: Connection, postgres_url: str, seed: int) -> None:
    movies = [await add_movie(connection) for _ in range(3)]
    places = [await add_place(connection) for _ in range(6)]
    pool = await asyncpg.create_pool(postgres_url, min_size=6, max_size=6, server_settings={"deadlock_timeout": "20ms"})
    async with pool:
        await asyncio.gather(*(churn(pool, movies, place, random.Random(f"{seed} {place}")) for place in places))  # noqa: S311
    assert await connection.fetchval("SELECT count(*) FROM sessions") > 30
    assert await connection.fetch(WRONG) == []


async def churn(pool: "asyncpg.Pool[asyncpg.Record]", movies: list[int], place: int, dice: random.Random) -> None:
    """Change the sessions of one place at random, in transactions of one to three statements."""
    sessions: list[int] = []
    for _ in range(40):
        async with pool.acquire() as connection:
            try:
                async with connection.transaction():
                    for _ in range(dice.randint(1, 3)):
                        await change(connection, movies, place, sessions, dice)
            except (asyncpg.DeadlockDetectedError, asyncpg.ExclusionViolationError):
                continue


async def change(
    connection: Connection, movies: list[int], place: int, sessions: list[int], dice: random.Random
) -> None:
    day = EVENING + days(dice.randrange(30))
    if len(sessions) < 5 or dice.random() < 0.4:
        sessions.append(await add_session(connection, dice.choice(movies), place, day))
        return
    session = dice.choice(sessions)
    await connection.execute(
        dice.choice(CHANGES) + " WHERE id = $1 AND ($2::timestamptz, $3::bigint) IS NOT NULL",
        session,
        day,
        dice.choice(movies),
    )
