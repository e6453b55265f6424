"""Lists and counters of saved movies by country follow saves and availability."""

from service.postgres import Connection

from .listings import differences, saved
from .rows import add_movie, add_user, offer, save, unsave, withdraw


async def test_a_saved_movie_is_listed_where_it_can_be_seen(connection: Connection) -> None:
    user, other = await add_user(connection), await add_user(connection)
    movie, second = await add_movie(connection), await add_movie(connection)
    await offer(connection, movie, "FR", "BE")
    await offer(connection, second, "FR")
    await save(connection, user, movie, second)
    await save(connection, other, movie)
    assert await saved(connection, user, "FR") == ([movie, second], 2)
    assert await saved(connection, user, "BE") == ([movie], 1)
    assert await saved(connection, other, "FR") == ([movie], 1)
    await unsave(connection, user, movie)
    assert await saved(connection, user, "FR") == ([second], 1)
    assert await saved(connection, user, "BE") == ([], 0)
    assert await saved(connection, other, "FR") == ([movie], 1)
    assert await differences(connection) == []


async def test_a_save_outlives_a_withdrawal(connection: Connection) -> None:
    user, movie = await add_user(connection), await add_movie(connection)
    await offer(connection, movie, "FR", "BE")
    await save(connection, user, movie)
    await withdraw(connection, movie, "FR")
    assert await saved(connection, user, "FR") == ([], 0)
    assert await saved(connection, user, "BE") == ([movie], 1)
    assert await connection.fetchval("SELECT count(*) FROM saved_movies") == 1
    await offer(connection, movie, "FR", "CH")
    assert await saved(connection, user, "FR") == await saved(connection, user, "CH") == ([movie], 1)
    assert await differences(connection) == []


async def test_in_order_of_the_days_that_they_were_saved(connection: Connection) -> None:
    user = await add_user(connection)
    movies = [await add_movie(connection) for _ in range(5)]
    for movie in movies:
        await offer(connection, movie, "FR")
    for movie in reversed(movies):
        await save(connection, user, movie)
    rows = await connection.fetch("SELECT movie_id FROM saved_listings ORDER BY date_added, movie_id")
    assert [row["movie_id"] for row in rows] == movies[::-1]
    await connection.execute("UPDATE saved_movies SET date_added = now() WHERE movie_id = $1", movies[4])
    last = "SELECT movie_id FROM saved_listings ORDER BY date_added DESC LIMIT 1"
    assert await connection.fetchval(last) == movies[4]
    assert await differences(connection) == []


async def test_rows_of_base_tables_are_changed(connection: Connection) -> None:
    user, movie, other = await add_user(connection), await add_movie(connection), await add_movie(connection)
    await offer(connection, movie, "FR")
    await offer(connection, other, "CH")
    await save(connection, user, movie)
    await connection.execute("UPDATE movie_availability SET country_code = 'BE' WHERE country_code = 'FR'")
    assert await saved(connection, user, "BE") == ([movie], 1)
    await connection.execute("UPDATE saved_movies SET movie_id = $1", other)
    assert await saved(connection, user, "CH") == ([other], 1)
    assert await differences(connection) == []


async def test_one_statement_withdraws_and_offers_and_saves_again(connection: Connection) -> None:
    """Triggers fire once all is done, and each looks at what there is then."""
    user, movie = await add_user(connection), await add_movie(connection)
    await offer(connection, movie, "FR")
    await save(connection, user, movie)
    await connection.execute(
        """
        WITH withdrawn AS (
            DELETE FROM movie_availability RETURNING movie_id
        ), unsaved AS (
            DELETE FROM saved_movies RETURNING user_id, movie_id
        ), saved AS (
            INSERT INTO saved_movies (user_id, movie_id, date_added)
            SELECT user_id, movie_id, now() - interval '1 day' FROM unsaved
        )
        INSERT INTO movie_availability (movie_id, country_code)
        SELECT movie_id, unnest('{FR,BE}'::text[]) FROM withdrawn
        """
    )
    assert await saved(connection, user, "FR") == await saved(connection, user, "BE") == ([movie], 1)
    assert await differences(connection) == []


async def test_saves_go_with_their_movie_and_their_user(connection: Connection) -> None:
    users = [await add_user(connection) for _ in range(2)]
    movies = [await add_movie(connection) for _ in range(2)]
    for movie in movies:
        await offer(connection, movie, "FR", "BE")
    for user in users:
        await save(connection, user, *movies)
    await connection.execute("DELETE FROM movies WHERE id = $1", movies[0])
    assert await saved(connection, users[0], "FR") == ([movies[1]], 1)
    await connection.execute("DELETE FROM users WHERE id = $1", users[0])
    assert await saved(connection, users[0], "FR") == ([], 0)
    assert await saved(connection, users[1], "FR") == ([movies[1]], 1)
    assert await differences(connection) == []


async def test_bulk_statements(connection: Connection) -> None:
    for _ in range(20):
        await add_user(connection)
        await offer(connection, await add_movie(connection), "FR", "BE", "CH")
    await connection.execute(
        "INSERT INTO saved_movies (user_id, movie_id)"
        " SELECT u.id, m.id FROM users u, movies m WHERE (u.id * 7 + m.id * 3) % 5 < 3"
    )
    assert await differences(connection) == []
    await connection.execute("DELETE FROM movie_availability WHERE country_code = 'BE' AND movie_id % 3 > 0")
    assert await differences(connection) == []
    await connection.execute("UPDATE movie_availability SET country_code = 'LU' WHERE country_code = 'CH'")
    await connection.execute("DELETE FROM saved_movies WHERE (user_id + movie_id) % 4 = 0")
    assert await differences(connection) == []
    assert await connection.fetchval("SELECT sum(movies) FROM saved_counts") > 100
    await connection.execute("DELETE FROM saved_movies")
    assert await connection.fetchval("SELECT count(*) FROM saved_counts") == 0
