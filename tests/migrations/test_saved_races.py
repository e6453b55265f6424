"""Saves while others offer, withdraw or delete the movie."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import pytest

from service.postgres import Connection

from .listings import differences, saved
from .rows import add_movie, add_user, interleave, offer, overlap, save, unsave, withdraw, without

Change = Callable[[Connection, int, int], Coroutine[Any, Any, None]]


async def saves(connection: Connection, _: int, movie: int) -> None:
    await save(connection, await add_user(connection), movie)


async def unsaves(connection: Connection, user: int, movie: int) -> None:
    await unsave(connection, user, movie)


async def offers(connection: Connection, _: int, movie: int) -> None:
    await offer(connection, movie, "BE")


async def withdraws(connection: Connection, _: int, movie: int) -> None:
    await withdraw(connection, movie, "FR")


MEETINGS = [
    *((first, second) for first in (saves, unsaves) for second in (offers, withdraws)),
    *((first, second) for first in (offers, withdraws) for second in (saves, unsaves)),
]
HARMLESS = {(unsaves, withdraws), (withdraws, unsaves)}
"""Both only delete, and each of them all that the other would."""


@pytest.fixture
async def user(connection: Connection) -> int:
    return await add_user(connection)


@pytest.fixture
async def movie(connection: Connection, user: int) -> int:
    """One that can be seen in France, and that the user has saved."""
    movie = await add_movie(connection)
    await offer(connection, movie, "FR")
    await save(connection, user, movie)
    return movie


@pytest.mark.parametrize(("first", "second"), MEETINGS)
async def test_a_save_meets_a_change_of_availability(
    connection: Connection, rival: Connection, user: int, movie: int, first: Change, second: Change
) -> None:
    await interleave(connection, first(connection, user, movie), rival, second(rival, user, movie))
    assert await differences(connection) == []


@pytest.mark.parametrize(("first", "second"), [meeting for meeting in MEETINGS if meeting not in HARMLESS])
async def test_without_the_locks_one_overlooks_the_other(
    connection: Connection, rival: Connection, user: int, movie: int, first: Change, second: Change
) -> None:
    """The guard of `test_a_save_meets_a_change_of_availability` taken out: each joins its rows with an old snapshot."""
    await without(connection, "FOR SHARE", "list_saved", "unlist_saved")
    await overlap(connection, first(connection, user, movie), rival, second(rival, user, movie))
    assert await differences(connection) != []


async def test_saves_do_not_wait_for_saves(connection: Connection, rival: Connection, user: int, movie: int) -> None:
    """They would if they locked the movie FOR NO KEY UPDATE."""
    others = [await add_user(connection) for _ in range(2)]
    async with connection.transaction(), asyncio.timeout(5):
        await save(connection, others[0], movie)
        await save(rival, others[1], movie)
        await unsave(rival, user, movie)
    assert await saved(connection, others[0], "FR") == await saved(connection, others[1], "FR") == ([movie], 1)
    assert await differences(connection) == []


async def test_a_movie_is_deleted_while_it_is_saved(connection: Connection, rival: Connection, movie: int) -> None:
    await interleave(
        connection,
        saves(connection, 0, movie),
        rival,
        rival.execute("DELETE FROM movies WHERE id = $1", movie),
    )
    assert await connection.fetchval("SELECT count(*) FROM saved_listings") == 0
    assert await differences(connection) == []


async def test_a_movie_is_saved_while_it_is_deleted(connection: Connection, rival: Connection, movie: int) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError) as violation:
        await interleave(
            connection,
            connection.execute("DELETE FROM movies WHERE id = $1", movie),
            rival,
            saves(rival, 0, movie),
        )
    assert violation.value.constraint_name == "saved_movies_movie_id_fkey"
    assert await differences(connection) == []
