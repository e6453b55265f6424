"""The sums of each session have the capacity of its inventory, in one row."""

from service.postgres import Connection

from .rows import EVENING, add_booking, add_inventory, add_movie, add_place, add_session, add_sessions, add_user
from .steps import taken_back

Sums = list[tuple[int, str, int, int | None]]


async def sums(connection: Connection) -> Sums:
    """Session, currency, bookings and capacity of each row."""
    rows = await connection.fetch(
        "SELECT session_id, currency, bookings, capacity FROM session_sales ORDER BY session_id, currency"
    )
    return [tuple(row) for row in rows]


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
    await add_booking(connection, session, user, currency="CHF")
    await connection.execute("UPDATE sessions SET currency = 'USD'")
    await add_booking(connection, session, user, currency="USD")
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
    with taken_back(postgres_url, "0021"):
        assert await connection.fetchval("SELECT count(*) FROM session_sales") == 0
        for session, currency in ((own, "EUR"), (own, "CHF"), (others, "USD"), (others, "CHF")):
            await add_booking(connection, session, user, currency=currency)
    assert await sums(connection) == [
        (own, "CHF", 1, None),
        (own, "EUR", 1, 9),
        (others, "CHF", 1, 9),
        (others, "USD", 1, None),
        (unsold, "EUR", 0, 9),
    ]
