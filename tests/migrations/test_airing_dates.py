"""movies.airing_from and airing_to follow the sessions."""

from datetime import date

from service.postgres import Connection

from .rows import EVENING, add_movie, add_place, add_session, add_sessions, days

WRONG = (
    "SELECT id, airing_from, first, airing_to, last FROM movies LEFT JOIN ("
    " SELECT movie_id AS id, min(airs_on) AS first, max(airs_on) AS last FROM sessions"
    " WHERE cancelled_at IS NULL GROUP BY movie_id) AS recomputed USING (id)"
    " WHERE (airing_from, airing_to) IS DISTINCT FROM (first, last)"
)
"""The movies whose dates are not what a recomputation gives."""


async def airing(connection: Connection, movie: int) -> tuple[date | None, date | None]:
    row = await connection.fetchrow("SELECT airing_from, airing_to FROM movies WHERE id = $1", movie)
    assert row is not None
    return row["airing_from"], row["airing_to"]


def june(first: int, last: int) -> tuple[date, date]:
    return date(2026, 6, first), date(2026, 6, last)


async def test_first_and_last_session(connection: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    assert await airing(connection, movie) == (None, None)
    await add_session(connection, movie, place, EVENING)
    assert await airing(connection, movie) == june(5, 5)
    last = await add_session(connection, movie, place, EVENING + days(10))
    await add_session(connection, movie, place, EVENING + days(3))
    assert await airing(connection, movie) == june(5, 15)
    await connection.execute("DELETE FROM sessions WHERE id = $1", last)
    assert await airing(connection, movie) == june(5, 8)


async def test_cancelled_sessions_do_not_count(connection: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    await add_session(connection, movie, place, EVENING)
    late = await add_session(connection, movie, place, EVENING + days(2))
    await add_session(connection, movie, place, EVENING + days(9), cancelled=True)
    assert await airing(connection, movie) == june(5, 7)
    await connection.execute("UPDATE sessions SET cancelled_at = now() WHERE id = $1", late)
    assert await airing(connection, movie) == june(5, 5)
    await connection.execute("UPDATE sessions SET cancelled_at = NULL WHERE id = $1", late)
    assert await airing(connection, movie) == june(5, 7)


async def test_a_session_moves_in_time_and_to_another_movie(connection: Connection) -> None:
    movie, other, place = await add_movie(connection), await add_movie(connection), await add_place(connection)
    session = await add_session(connection, movie, place, EVENING)
    await connection.execute("UPDATE sessions SET starts_at = $2 WHERE id = $1", session, EVENING + days(1))
    assert await airing(connection, movie) == june(6, 6)
    await connection.execute("UPDATE sessions SET movie_id = $2 WHERE id = $1", session, other)
    assert await airing(connection, movie) == (None, None)
    assert await airing(connection, other) == june(6, 6)


async def test_a_movie_without_sessions_can_be_deleted(connection: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    session = await add_session(connection, movie, place)
    async with connection.transaction():
        await connection.execute("DELETE FROM sessions WHERE id = $1", session)
        await connection.execute("DELETE FROM inventory WHERE id = $1", session)
        await connection.execute("DELETE FROM movies WHERE id = $1", movie)
    assert await connection.fetchval("SELECT count(*) FROM movies") == 0


async def test_bulk_statements(connection: Connection) -> None:
    movies = [await add_movie(connection) for _ in range(10)]
    await add_sessions(connection, movies, await add_place(connection), 1000)
    assert await connection.fetch(WRONG) == []
    assert await airing(connection, movies[0]) == (date(2026, 6, 7), date(2026, 10, 8))
    await connection.execute("UPDATE sessions SET movie_id = $1 WHERE id % 2 = 0", movies[3])
    assert await connection.fetch(WRONG) == []
    await connection.execute("DELETE FROM sessions")
    assert [await airing(connection, movie) for movie in movies] == [(None, None)] * 10
