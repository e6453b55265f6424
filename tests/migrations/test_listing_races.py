"""Lists and counters when several transactions change a movie, or count in one country, at once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import pytest

from service.postgres import Connection

from .listings import counted, differences
from .rows import add_genre, add_movie, classify, interleave, offer, overlap, redate, withdraw, without

Change = Callable[[Connection, int, int], Coroutine[Any, Any, None]]


async def offers(connection: Connection, movie: int, _: int) -> None:
    await offer(connection, movie, "FR", "BE")


async def withdraws(connection: Connection, movie: int, _: int) -> None:
    await withdraw(connection, movie, "CH")


async def redates(connection: Connection, movie: int, _: int) -> None:
    await redate(connection, movie, 1999)


async def classifies(connection: Connection, movie: int, genre: int) -> None:
    await classify(connection, movie, genre)


MEETINGS = [
    (first, second)
    for first in (offers, withdraws, redates, classifies)
    for second in (offers, withdraws, redates, classifies)
    if first is not second and {first, second} != {offers, withdraws}
]
GUARDED = [meeting for meeting in MEETINGS if set(meeting) != {redates, classifies}]
"""Where the lock is all that keeps them apart: both of the others change the movie's own row."""


@pytest.fixture
async def movie(connection: Connection) -> int:
    """One that can be seen in Switzerland, of one genre."""
    movie = await add_movie(connection)
    await offer(connection, movie, "CH")
    await classify(connection, movie, await add_genre(connection))
    return movie


@pytest.mark.parametrize(("first", "second"), MEETINGS)
async def test_two_changes_of_a_movie(
    connection: Connection, rival: Connection, movie: int, first: Change, second: Change
) -> None:
    genre = await add_genre(connection)
    await interleave(connection, first(connection, movie, genre), rival, second(rival, movie, genre))
    assert await differences(connection) == []


@pytest.mark.parametrize(("first", "second"), GUARDED)
async def test_without_the_lock_one_overlooks_the_other(
    connection: Connection, rival: Connection, movie: int, first: Change, second: Change
) -> None:
    """The guard of `test_two_changes_of_a_movie` taken out: each refreshes from a snapshot without the other's rows."""
    genre = await add_genre(connection)
    await without(connection, "FOR NO KEY UPDATE", "refresh_listings", "list_available", "unlist_unavailable")
    await overlap(connection, first(connection, movie, genre), rival, second(rival, movie, genre))
    assert await differences(connection) != []


async def test_two_genres_of_a_movie(connection: Connection, rival: Connection, movie: int) -> None:
    one, other = await add_genre(connection), await add_genre(connection)
    await interleave(connection, classify(connection, movie, one), rival, classify(rival, movie, other))
    assert await differences(connection) == []


async def test_without_the_lock_one_genre_overlooks_the_other(
    connection: Connection, rival: Connection, movie: int
) -> None:
    """The guard of `test_two_genres_of_a_movie` taken out: whoever waits to write gathered before."""
    one, other = await add_genre(connection), await add_genre(connection)
    await without(connection, "FOR NO KEY UPDATE", "gather_genres")
    await interleave(connection, classify(connection, movie, one), rival, classify(rival, movie, other))
    assert await differences(connection) != []


async def test_counting_waits_for_nobody(connection: Connection, rival: Connection) -> None:
    """Without SKIP LOCKED the rival waits for the counter that the open transaction has changed."""
    movies = [await add_movie(connection) for _ in range(5)]
    await offer(connection, movies[0], "FR")
    async with connection.transaction():
        await offer(connection, movies[1], "FR")
        async with asyncio.timeout(5):
            await offer(rival, movies[2], "FR")
            await withdraw(rival, movies[0], "FR")
        assert await counted(connection, "FR") == {2026: 2}
        assert await counted(rival, "FR") == {2026: 1}
    assert await counted(connection, "FR") == {2026: 2}
    await offer(connection, movies[3], "FR")
    [rows] = await connection.fetch("SELECT count(*), sum(movies) FROM country_counts")
    assert tuple(rows) == (1, 3), "what was parted is one row again"


async def count_crosswise(connection: Connection, rival: Connection) -> None:
    """Two transactions change two movies each, and the same two counters in opposite orders."""
    for country in ("FR", "BE"):
        await offer(connection, await add_movie(connection), country)
    movies, half_way = [await add_movie(connection) for _ in range(4)], asyncio.Barrier(2)

    async def offer_both(own: Connection, first: tuple[int, str], second: tuple[int, str]) -> None:
        async with own.transaction():
            await offer(own, *first)
            await half_way.wait()
            await offer(own, *second)

    outcomes = await asyncio.gather(
        offer_both(connection, (movies[0], "FR"), (movies[1], "BE")),
        offer_both(rival, (movies[2], "BE"), (movies[3], "FR")),
        return_exceptions=True,
    )
    for outcome in filter(None, outcomes):
        raise outcome


async def test_counting_in_any_order_does_not_deadlock(connection: Connection, rival: Connection) -> None:
    await count_crosswise(connection, rival)
    assert await counted(connection, "FR") == await counted(connection, "BE") == {2026: 3}


async def test_counters_that_wait_do_deadlock(connection: Connection, rival: Connection) -> None:
    """The guard of `test_counting_in_any_order_does_not_deadlock` taken out."""
    definition = await connection.fetchval("SELECT pg_get_functiondef('add_to_country_counts'::regproc)")
    await connection.execute(definition.replace("SKIP LOCKED", ""))
    with pytest.raises(asyncpg.DeadlockDetectedError):
        await count_crosswise(connection, rival)
