"""Uploads that break off, that are too large, or that meet another one: nothing is imported."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from service.backoffice.importing import staging
from service.postgres import Postgres
from service.settings import Settings
from tests.service.backoffice.importing.files import CATALOGUE, JSON_LINES, PATH, counts, json_lines, refused, send
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account

MOST_BYTES = 4_096
_IMPORTING = f"objid = {staging.ADVISORY_LOCK % 2**32} AND granted"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"import_max_bytes": MOST_BYTES})


async def test_a_client_that_goes_away_imports_nothing(
    boss: Caller, client: Client, admin: Account, postgres: Postgres
) -> None:
    """The body promises a byte more than it has, so that only its end tells a whole file from a part of it."""
    body = json_lines(CATALOGUE)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON_LINES}\r\nContent-Length: {len(body) + 1}\r\n"
    _, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(f"{head}Authorization: Bearer {admin.token}\r\n\r\n".encode() + body)
    await writer.drain()
    await importing(postgres)
    writer.close()
    await writer.wait_closed()
    await locks(postgres, _IMPORTING, there=False)
    assert await counts(postgres) == (0, 0, 0)


async def test_one_import_at_a_time(boss: Caller, postgres: Postgres) -> None:
    """Made to fail by leaving the lock out: both files were imported, and every movie was there twice."""
    go_on = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield json_lines(CATALOGUE)
        await go_on.wait()

    first = asyncio.create_task(send(boss, slowly()))
    await importing(postgres)
    second = await send(boss, json_lines(CATALOGUE))
    assert second.refusal == (409, "import_in_progress")
    go_on.set()
    assert (await first).status == 200
    assert await counts(postgres) == (1, 1, 1)


async def test_many_at_once_import_a_file_once(boss: Caller, postgres: Postgres) -> None:
    answers = await asyncio.gather(*(send(boss, json_lines(CATALOGUE)) for _ in range(8)))
    assert min(answer.status for answer in answers) == 200
    assert {answer.status for answer in answers} <= {200, 409, 422}
    assert await counts(postgres) == (1, 1, 1)


@pytest.mark.parametrize("packed", [False, True])
async def test_a_file_that_is_too_large(boss: Caller, postgres: Postgres, packed: bool) -> None:
    body = json_lines(CATALOGUE) + b"\n" * MOST_BYTES
    headers = {"Content-Type": JSON_LINES} | ({"Content-Encoding": "gzip"} if packed else {})
    body = gzip.compress(body) if packed else body
    answer = await boss.call("POST", PATH, data=body, headers=headers)
    assert answer.refusal == (413, "body_too_large")
    assert await counts(postgres) == (0, 0, 0)


async def test_a_file_may_come_packed_and_not_damaged(boss: Caller, postgres: Postgres) -> None:
    packed = gzip.compress(json_lines(CATALOGUE))
    headers = {"Content-Type": JSON_LINES, "Content-Encoding": "gzip"}
    answer = await boss.call("POST", PATH, data=b"\0" + packed, headers=headers)
    assert answer.refusal == (400, "upload_interrupted")
    answer = await boss.call("POST", PATH, data=packed[:-20], headers=headers)
    assert answer.status in (400, 422)
    assert await counts(postgres) == (0, 0, 0)
    assert (await boss.call("POST", PATH, data=packed, headers=headers)).status == 200


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (
            """
            WITH pool AS (INSERT INTO inventory (id, capacity, sales_end) VALUES (1, 180, now()))
            INSERT INTO sessions (id, movie_id, place_id, starts_at, price)
            SELECT 1, movies.id, places.id, '2031-06-05T19:00:00+02:00', 100 FROM movies, places
            """,
            "session_overlaps",
        ),
        ("DELETE FROM movies", "invalid_movie"),
        ("DELETE FROM places", "invalid_place"),
    ],
)
async def test_the_catalogue_may_change_while_it_waits(
    boss: Caller, postgres: Postgres, statement: str, code: str
) -> None:
    """Made to fail by looking for overlaps before the place is locked (500), and by going on with what has gone (the
    session was left out in silence).
    """
    assert (await send(boss, json_lines(CATALOGUE[1:]))).status == 200
    async with postgres.acquire() as connection, connection.transaction():
        await connection.execute(statement)
        waiting = asyncio.create_task(refused(boss, json_lines(CATALOGUE[:1])))
        await locks(postgres, "NOT granted")
    assert await waiting == [(1, code)]


async def importing(postgres: Postgres) -> None:
    """Wait until somebody imports."""
    await locks(postgres, _IMPORTING)


async def locks(postgres: Postgres, like: str, *, there: bool = True) -> None:
    """Wait until there is such a lock in the database, or none any more."""
    query = f"""
        SELECT EXISTS (
            SELECT FROM pg_locks LEFT JOIN pg_stat_activity USING (pid) WHERE datname = current_database() AND {like}
        )
    """  # noqa: S608
    async with postgres.acquire() as connection, asyncio.timeout(30):
        while True:
            if await connection.fetchval(query) is there:
                return
            await asyncio.sleep(0.01)
