"""The sums of each session have the capacity of its inventory, in one row."""

from contextlib import closing
from pathlib import Path

from yoyo import get_backend, read_migrations

from service.postgres import Connection

from .rows import EVENING, add_inventory, add_movie, add_place, add_session, add_sessions, add_user
from .test_rollbacks import down, up

FOLDER = Path(__file__).parents[2] / "migrations"
Sums = list[tuple[int, str, int, int | None]]


async def sums(connection: Connection) -> Sums:
    """Session, currency, bookings and capacity of each row."""
    rows = await connection.fetch(
        "SELECT session_id, currency, bookings, capacity FROM session_sales ORDER BY session_id, currency"
    )
    return [tuple(row) for row in rows]


async def book(connection: Connection, session: int, user: int, currency: str) -> None:
    await connection.execute(
        """
        INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at,
                              confirmed_at)
        SELECT 1 + count(*), $1, $2, 2, 'confirmed', 900, $3, $4, $4, $4 FROM bookings
        """,
        session,
        user,
        currency,
        EVENING,
    )


async def test_it_comes_with_the_session_and_follows_the_inventory(connection: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    await add_sessions(connection, [movie], place, 3)
    assert [capacity for *_, capacity in await sums(connection)] == [9, 9, 9]
    await connection.execute("UPDATE inventory SET capacity = 8")
    assert [capacity for *_, capacity in await sums(connection)] == [8, 8, 8]


async def test_it_comes_where_one_statement_makes_both(connection: Connection) -> None:
    await connection.execute(
        """
        WITH pool AS (INSERT INTO inventory (id, capacity, sales_end) VALUES (1, 7, now()))
        INSERT INTO sessions (id, movie_id, place_id, starts_at, price) VALUES (1, $1, $2, $3, 900)
        """,
        await add_movie(connection),
        await add_place(connection),
        EVENING,
    )
    assert await sums(connection) == [(1, "EUR", 0, 7)]


async def test_it_is_in_one_row_whatever_the_currencies(connection: Connection) -> None:
    user = await add_user(connection)
    session = await add_session(connection, await add_movie(connection), await add_place(connection))
    await book(connection, session, user, "CHF")
    await connection.execute("UPDATE sessions SET currency = 'USD'")
    await book(connection, session, user, "USD")
    await connection.execute("UPDATE inventory SET capacity = 50")
    assert await sums(connection) == [(session, "CHF", 1, None), (session, "EUR", 0, 50), (session, "USD", 1, None)]


async def test_pools_of_no_session_have_no_sums(connection: Connection) -> None:
    await add_inventory(connection)
    await connection.execute("UPDATE inventory SET capacity = 50")
    assert await sums(connection) == []


async def test_sessions_that_are_there_already_get_it(connection: Connection, postgres_url: str) -> None:
    """Once each: beside what was sold in their own currency, or in another one, or alone."""
    user, movie, place = await add_user(connection), await add_movie(connection), await add_place(connection)
    await add_sessions(connection, [movie], place, 3)
    own, others, unsold = [session for session, *_ in await sums(connection)]
    backend = get_backend(postgres_url.replace("postgresql://", "postgresql+psycopg://"))
    newest = [migration for migration in read_migrations(str(FOLDER)) if migration.id >= "0021"]
    with closing(backend.connection):
        for migration in reversed(newest):
            down(backend, migration)
        assert await connection.fetchval("SELECT count(*) FROM session_sales") == 0
        for session, currency in ((own, "EUR"), (own, "CHF"), (others, "USD"), (others, "CHF")):
            await book(connection, session, user, currency)
        for migration in newest:
            up(backend, migration)
    assert await sums(connection) == [
        (own, "CHF", 1, None),
        (own, "EUR", 1, 9),
        (others, "CHF", 1, 9),
        (others, "USD", 1, None),
        (unsold, "EUR", 0, 9),
    ]
