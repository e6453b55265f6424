"""Plans never change, their sizes follow from them, and supplements are part of every sum."""

from service.postgres import Connection

from .rows import add_booking, add_movie, add_place, add_session, add_user
from .steps import taken_back

ONE_ROW = '{"rows": [{"label": "A", "seats": [{"number": 1}, null, {"number": 2}]}]}'
THREE_ROWS = (
    '{"rows": [{"label": "A", "seats": [null, {"number": 1}]}, {"label": "B", "seats": [{"number": 1}]},'
    ' {"label": "C", "seats": [{"number": 1}, {"number": 2}, null]}]}'
)


async def add_plan(connection: Connection, place: int, number: int, plan: str) -> tuple[int, int]:
    """Its capacity and its cells."""
    row = await connection.fetchrow(
        "INSERT INTO seat_plans (id, place_id, plan) VALUES ($1, $2, $3) RETURNING capacity, cells", number, place, plan
    )
    assert row is not None
    return row["capacity"], row["cells"]


async def test_its_sizes_follow_from_the_plan(connection: Connection) -> None:
    place = await add_place(connection)
    assert await add_plan(connection, place, 1, ONE_ROW) == (2, 3)
    assert await add_plan(connection, place, 2, THREE_ROWS) == (4, 2 + 1 + 3 + 2)  # and the ends of two rows


async def test_plans_go_with_their_place(connection: Connection) -> None:
    place = await add_place(connection)
    await add_plan(connection, place, 1, ONE_ROW)
    await connection.execute("UPDATE places SET capacity = 2, seat_plan_id = 1 WHERE id = $1", place)
    await connection.execute("DELETE FROM places WHERE id = $1", place)
    assert await connection.fetchval("SELECT count(*) FROM seat_plans") == 0


async def sums(connection: Connection) -> tuple[int, int, int]:
    """Bookings, seats and revenue."""
    row = await connection.fetchrow("SELECT bookings, seats, revenue FROM session_sales")
    assert row is not None
    return tuple(row)


async def test_supplements_are_revenue(connection: Connection, postgres_url: str) -> None:
    """And when the migration is taken back, what they added to the revenue is taken out of it."""
    user, place = await add_user(connection), await add_place(connection)
    session = await add_session(connection, await add_movie(connection), place)
    first = await add_booking(connection, session, user, supplements=300)
    second = await add_booking(connection, session, user)
    assert await sums(connection) == (2, 4, 2 * 1_800 + 300)
    await connection.execute("UPDATE bookings SET supplements = 500 WHERE id = $1", second)
    assert await sums(connection) == (2, 4, 2 * 1_800 + 800)
    await connection.execute("UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE id = $1", first)
    assert await sums(connection) == (1, 2, 1_800 + 500)
    third = await add_booking(connection, session, user, supplements=100)
    await connection.execute("DELETE FROM bookings WHERE id = $1", third)
    assert await sums(connection) == (1, 2, 1_800 + 500)

    with taken_back(postgres_url, "0017"):
        assert await sums(connection) == (1, 2, 1_800)
    assert await sums(connection) == (1, 2, 1_800)
