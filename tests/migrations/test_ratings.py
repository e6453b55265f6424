"""movies.rating follows the ratings."""

import asyncio
import random
from decimal import Decimal

import asyncpg
import pytest

from service.postgres import Connection

from .rows import add_movie, add_user, interleave

RATE = "INSERT INTO ratings (id, user_id, movie_id, value) VALUES ($1, $1, $2, $3)"
RATE_AGAIN = RATE + " ON CONFLICT (user_id, movie_id) DO UPDATE SET value = excluded.value, updated_at = now()"
WRONG = (
    "SELECT id, rating_sum, total, rating_count, number FROM movies LEFT JOIN ("
    " SELECT movie_id AS id, sum(value) AS total, count(*) AS number FROM ratings"
    " GROUP BY movie_id) AS recomputed USING (id)"
    " WHERE (rating_sum, rating_count) IS DISTINCT FROM (coalesce(total, 0), coalesce(number, 0))"
)


async def rating(connection: Connection, movie: int) -> Decimal | None:
    value: Decimal | None = await connection.fetchval("SELECT rating FROM movies WHERE id = $1", movie)
    return value


async def test_mean_of_the_ratings(connection: Connection) -> None:
    movie = await add_movie(connection)
    users = [await add_user(connection) for _ in range(3)]
    assert await rating(connection, movie) is None
    for user, value, mean in zip(users, ("5", "4", "4"), ("5", "4.5", "4.33"), strict=True):
        await connection.execute(RATE_AGAIN, user, movie, Decimal(value))
        assert await rating(connection, movie) == Decimal(mean)
    await connection.execute(RATE_AGAIN, users[0], movie, Decimal("0.125"))
    assert await rating(connection, movie) == Decimal("2.71")
    await connection.execute("DELETE FROM ratings WHERE user_id = $1", users[0])
    assert await rating(connection, movie) == 4
    await connection.execute("DELETE FROM ratings")
    assert await rating(connection, movie) is None


async def test_a_rating_moves_to_another_movie(connection: Connection) -> None:
    movie, other, user = await add_movie(connection), await add_movie(connection), await add_user(connection)
    await connection.execute(RATE, user, movie, Decimal(3))
    await connection.execute("UPDATE ratings SET movie_id = $1, value = 2", other)
    assert await rating(connection, movie) is None
    assert await rating(connection, other) == 2


async def test_ratings_go_with_their_movie(connection: Connection) -> None:
    movie, user = await add_movie(connection), await add_user(connection)
    await connection.execute(RATE, user, movie, Decimal(3))
    await connection.execute("DELETE FROM movies")
    assert await connection.fetchval("SELECT count(*) FROM ratings") == 0


async def test_bulk_statements(connection: Connection) -> None:
    for _ in range(30):
        await add_movie(connection)
        await add_user(connection)
    await connection.execute(
        "INSERT INTO ratings (id, user_id, movie_id, value)"
        " SELECT row_number() OVER (), u.id, m.id, (u.id * 7 + m.id * 3) % 51 / 10.0 FROM users u, movies m"
    )
    assert await connection.fetch(WRONG) == []
    await connection.execute("UPDATE ratings SET value = 5 - value WHERE id % 3 = 0")
    assert await connection.fetch(WRONG) == []
    await connection.execute("DELETE FROM ratings WHERE id % 2 = 0")
    assert await connection.fetch(WRONG) == []
    assert await connection.fetchval("SELECT sum(rating_count) FROM movies") == 450


@pytest.mark.parametrize("value", ["-0.01", "5.01", "NaN", "Infinity", "-Infinity"])
async def test_impossible_values(connection: Connection, value: str) -> None:
    movie, user = await add_movie(connection), await add_user(connection)
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(RATE, user, movie, Decimal(value))


async def test_two_users_at_once(connection: Connection, rival: Connection) -> None:
    movie, users = await add_movie(connection), [await add_user(connection) for _ in range(2)]
    first = connection.execute(RATE, users[0], movie, Decimal(5))
    await interleave(connection, first, rival, rival.execute(RATE, users[1], movie, Decimal(2)))
    assert await rating(connection, movie) == Decimal("3.5")


async def test_churn_equals_recomputation(connection: Connection, postgres_url: str) -> None:
    movies = [await add_movie(connection) for _ in range(4)]
    users = [await add_user(connection) for _ in range(6)]
    pool = await asyncpg.create_pool(postgres_url, min_size=6, max_size=6, server_settings={"deadlock_timeout": "20ms"})
    async with pool:
        await asyncio.gather(*(churn(pool, movies, user) for user in users))
    assert await connection.fetchval("SELECT count(*) FROM ratings") > 0
    assert await connection.fetch(WRONG) == []


async def churn(pool: "asyncpg.Pool[asyncpg.Record]", movies: list[int], user: int) -> None:
    dice = random.Random(user)  # noqa: S311
    for _ in range(60):
        try:
            async with pool.acquire() as connection, connection.transaction():
                for _ in range(dice.randint(1, 2)):
                    await change(connection, dice.choice(movies), user, dice)
        except asyncpg.DeadlockDetectedError:
            continue


async def change(connection: Connection, movie: int, user: int, dice: random.Random) -> None:
    value = Decimal(dice.randrange(501)) / 100
    if dice.random() < 0.2:
        await connection.execute("DELETE FROM ratings WHERE user_id = $1 AND movie_id = $2", user, movie)
    else:
        await connection.execute(RATE_AGAIN.replace("$1, $1", "$4, $1"), user, movie, value, movie * 10_000 + user)
