"""Lists and counters of movies by country, genre and year follow the catalogue."""

from service.postgres import Connection

from .listings import counted, countries, differences
from .rows import add_genre, add_movie, classify, offer, redate, withdraw


async def test_a_movie_is_listed_where_it_can_be_seen(connection: Connection) -> None:
    movie, other = await add_movie(connection, year=2001), await add_movie(connection, year=2001)
    await offer(connection, movie, "FR", "BE")
    await offer(connection, other, "FR")
    assert await countries(connection, movie) == {"BE": 2001, "FR": 2001}
    assert await counted(connection, "FR") == {2001: 2}
    assert await counted(connection, "BE") == {2001: 1}
    await withdraw(connection, movie, "FR")
    assert await countries(connection, movie) == {"BE": 2001}
    assert await counted(connection, "FR") == {2001: 1}


async def test_counters_of_genres(connection: Connection) -> None:
    movie, other = await add_movie(connection, year=2001), await add_movie(connection, year=1999)
    drama, comedy = await add_genre(connection), await add_genre(connection)
    await offer(connection, movie, "FR")
    await classify(connection, movie, drama, comedy)
    await classify(connection, other, drama)
    await offer(connection, other, "FR", "BE")
    assert await counted(connection, "FR", drama) == {1999: 1, 2001: 1}
    assert await counted(connection, "FR", comedy) == {2001: 1}
    assert await counted(connection, "BE", drama) == {1999: 1}
    assert await counted(connection, "BE", comedy) == {}
    await connection.execute("DELETE FROM movie_genres WHERE genre_id = $1", drama)
    assert await counted(connection, "FR", drama) == {}
    assert await differences(connection) == []


async def test_a_movie_changes_its_year(connection: Connection) -> None:
    movie, genre = await add_movie(connection, year=2001), await add_genre(connection)
    await offer(connection, movie, "FR", "BE")
    await classify(connection, movie, genre)
    await redate(connection, movie, 2002)
    assert await countries(connection, movie) == {"BE": 2002, "FR": 2002}
    assert await counted(connection, "FR") == await counted(connection, "FR", genre) == {2002: 1}
    assert await differences(connection) == []


async def test_rows_of_base_tables_are_changed(connection: Connection) -> None:
    movie, other = await add_movie(connection), await add_movie(connection)
    drama, comedy = await add_genre(connection), await add_genre(connection)
    await offer(connection, movie, "FR")
    await classify(connection, movie, drama)
    await connection.execute("UPDATE movie_availability SET country_code = 'BE'")
    assert await countries(connection, movie) == {"BE": 2026}
    await connection.execute("UPDATE movie_availability SET movie_id = $1", other)
    await connection.execute("UPDATE movie_genres SET movie_id = $1, genre_id = $2", other, comedy)
    assert await countries(connection, movie) == {}
    assert await counted(connection, "BE", comedy) == {2026: 1}
    assert await differences(connection) == []


async def test_a_deleted_movie_is_not_counted(connection: Connection) -> None:
    """Countries and genres go by the same statement: adding up what each of the two lost would miss what both did."""
    movie, genre = await add_movie(connection), await add_genre(connection)
    await offer(connection, movie, "FR", "BE")
    await classify(connection, movie, genre)
    await connection.execute("DELETE FROM movies")
    assert await connection.fetchval("SELECT count(*) FROM country_counts") == 0
    assert await differences(connection) == []


async def test_one_statement_adds_a_movie_with_all_its_rows(connection: Connection) -> None:
    """Triggers fire once all is there: adding up what each table got would count countries and genres twice."""
    genre = await add_genre(connection)
    await connection.execute(
        """
        WITH movie AS (
            INSERT INTO movies (id, title, description, duration, year) VALUES (7, 'A Movie', '', 100, 2001)
        ), classified AS (
            INSERT INTO movie_genres (movie_id, genre_id) SELECT 7, id FROM genres
        )
        INSERT INTO movie_availability (movie_id, country_code) VALUES (7, 'FR'), (7, 'BE')
        """
    )
    assert await counted(connection, "FR", genre) == {2001: 1}
    assert await differences(connection) == []


async def test_one_statement_replaces_the_countries_of_a_movie(connection: Connection) -> None:
    movie = await add_movie(connection)
    await offer(connection, movie, "BE", "FR")
    await connection.execute(
        """
        WITH withdrawn AS (DELETE FROM movie_availability WHERE country_code = 'BE')
        INSERT INTO movie_availability (movie_id, country_code) VALUES ($1, 'CH')
        """,
        movie,
    )
    assert await countries(connection, movie) == {"CH": 2026, "FR": 2026}
    assert await differences(connection) == []


async def test_bulk_statements(connection: Connection) -> None:
    await connection.execute(
        "INSERT INTO movies (id, title, description, duration, year)"
        " SELECT n, 'A Movie', '', 100, 2000 + n % 7 FROM generate_series(1, 500) AS n"
    )
    await connection.execute("INSERT INTO genres (id, name) SELECT n, n::text FROM generate_series(1, 5) AS n")
    await connection.execute(
        "INSERT INTO movie_availability (movie_id, country_code)"
        " SELECT id, code FROM movies CROSS JOIN unnest('{FR,BE,CH}'::text[]) AS code"
        " WHERE hashtext(code || id) % 2 = 0"
    )
    await connection.execute(
        "INSERT INTO movie_genres (movie_id, genre_id)"
        " SELECT movie.id, genre.id FROM movies AS movie, genres AS genre WHERE (movie.id + genre.id) % 3 = 0"
    )
    assert await differences(connection) == []
    assert sum((await counted(connection, "FR")).values()) > 100
    await connection.execute("UPDATE movies SET year = year + 1 WHERE id % 3 = 0")
    assert await differences(connection) == []
    await connection.execute("DELETE FROM movie_availability WHERE country_code = 'FR' AND movie_id % 2 = 0")
    await connection.execute("DELETE FROM movies WHERE id % 5 = 0")
    assert await differences(connection) == []
    await connection.execute("DELETE FROM movies")
    assert await connection.fetchval("SELECT count(*) FROM country_counts") == 0


async def test_a_new_rating_does_not_list_again(connection: Connection) -> None:
    """Ratings and airing dates change movies, too, but not their year."""
    movie = await add_movie(connection)
    await offer(connection, movie, "FR")
    listed = await connection.fetchval("SELECT ctid FROM country_listings")
    await connection.execute("UPDATE movies SET rating_sum = 5, rating_count = 1, year = year")
    assert await connection.fetchval("SELECT ctid FROM country_listings") == listed
