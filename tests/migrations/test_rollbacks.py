"""Every migration can be taken back, and then applied again."""

import psycopg
from yoyo import read_migrations

from service import migrations
from service.embedded import EmbeddedPostgres
from service.postgres import Connection

from .dumps import schema
from .listings import counted, differences
from .rows import add_genre, add_movie, classify, offer
from .steps import FOLDER, backend_on, down, since, taken_back, up


def test_up_down_up(postgres_server: EmbeddedPostgres, empty_database_url: str) -> None:
    with backend_on(empty_database_url) as backend:
        for migration in since():
            before = schema(postgres_server, empty_database_url)
            up(backend, migration)
            after = schema(postgres_server, empty_database_url)
            assert after != before
            down(backend, migration)
            assert schema(postgres_server, empty_database_url) == before, migration.id
            up(backend, migration)
            assert schema(postgres_server, empty_database_url) == after, migration.id


def test_all_down_with_rows(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("INSERT INTO movies (id, title, description, duration, year) VALUES (1, 'A', '', 90, 2026)")
        connection.execute("INSERT INTO users (id, email) VALUES (2, 'a@holdfast.example')")
        connection.execute("INSERT INTO ratings (id, user_id, movie_id, value) VALUES (3, 2, 1, 4)")
        connection.execute("INSERT INTO movie_availability (movie_id, country_code) VALUES (1, 'FR')")
        connection.execute("INSERT INTO saved_movies (user_id, movie_id) VALUES (2, 1)")
    with backend_on(postgres_url) as backend:
        backend.rollback_migrations(backend.to_rollback(read_migrations(str(FOLDER))))
    assert len(migrations.pending(postgres_url)) == len(list(FOLDER.glob("*.rollback.sql")))
    assert migrations.apply(postgres_url) > 0


async def test_what_is_there_already_is_listed(postgres_url: str, connection: Connection) -> None:
    movie = await add_movie(connection, year=2001)
    await offer(connection, movie, "FR", "BE")
    await classify(connection, movie, await add_genre(connection))
    with taken_back(postgres_url, "0009"):
        pass
    assert await counted(connection, "FR") == {2001: 1}
    assert await differences(connection) == []


def test_each_migration_has_its_rollback() -> None:
    names = {path.stem for path in FOLDER.glob("*.sql") if not path.stem.endswith(".rollback")}
    assert names == {path.name.removesuffix(".rollback.sql") for path in FOLDER.glob("*.rollback.sql")}
