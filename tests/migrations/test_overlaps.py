"""A place has one room: its sessions, with the cleaning after them, do not overlap."""

from datetime import timedelta

import asyncpg
import pytest

from service.postgres import Connection

from .rows import EVENING, add_movie, add_place, add_session, interleave

CLEARED = timedelta(minutes=115)
"""After a movie of 100 minutes."""


@pytest.mark.parametrize("shift", [-CLEARED, CLEARED])
async def test_right_before_and_right_after(connection: Connection, shift: timedelta) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    await add_session(connection, movie, place, EVENING)
    await add_session(connection, movie, place, EVENING + shift)


@pytest.mark.parametrize("minutes", [-114, -1, 0, 1, 99, 101, 114])
async def test_during_another(connection: Connection, minutes: int) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    await add_session(connection, movie, place, EVENING)
    with pytest.raises(asyncpg.ExclusionViolationError) as refusal:
        await add_session(connection, movie, place, EVENING + timedelta(minutes=minutes))
    assert refusal.value.constraint_name == "sessions_do_not_overlap"


async def test_another_place(connection: Connection) -> None:
    movie = await add_movie(connection)
    await add_session(connection, movie, await add_place(connection), EVENING)
    await add_session(connection, movie, await add_place(connection), EVENING)


async def test_cancelled_sessions_do_not_count(connection: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    cancelled = await add_session(connection, movie, place, EVENING, cancelled=True)
    await add_session(connection, movie, place, EVENING)
    with pytest.raises(asyncpg.ExclusionViolationError):
        await connection.execute("UPDATE sessions SET cancelled_at = NULL WHERE id = $1", cancelled)


async def test_a_longer_movie_may_not_run_into_the_next_session(connection: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    await add_session(connection, movie, place, EVENING)
    await add_session(connection, await add_movie(connection), place, EVENING + CLEARED)
    with pytest.raises(asyncpg.ExclusionViolationError):
        await connection.execute("UPDATE movies SET duration = 101 WHERE id = $1", movie)
    await connection.execute("UPDATE movies SET duration = 99 WHERE id = $1", movie)


async def test_two_at_once(connection: Connection, rival: Connection) -> None:
    movies, place = [await add_movie(connection) for _ in range(2)], await add_place(connection)
    first, second = add_session(connection, movies[0], place), add_session(rival, movies[1], place)
    with pytest.raises(asyncpg.ExclusionViolationError):
        await interleave(connection, first, rival, second)
    assert await connection.fetchval("SELECT count(*) FROM sessions") == 1
