"""`/livez` says that the process runs, `/readyz` what it lacks for serving. (`test_outages.py` takes servers away.)"""

import pytest

from service.postgres import Postgres
from service.resources import Resources
from tests.service.conftest import Client


async def test_alive(client: Client) -> None:
    answer = await client.get("/livez")
    assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_ready(client: Client) -> None:
    answer = await client.get("/readyz")
    assert answer.status == 200
    assert await answer.json() == {"status": "ok", "redis": "ok", "postgres": "ok", "migrations": "ok"}


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
async def test_neither_needs_a_token_or_minds_one(client: Client, path: str) -> None:
    answer = await client.get(path, headers={"Authorization": "Bearer nonsense"})
    assert answer.status == 200


async def test_a_pending_migration(client: Client, postgres: Postgres) -> None:
    async with postgres.acquire() as connection:
        await connection.execute(
            """
            UPDATE _yoyo_migration SET migration_id = 'x' || migration_id
            WHERE migration_id = (SELECT max(migration_id) FROM _yoyo_migration)
            """
        )
        assert await checks(client) == {"redis": "ok", "postgres": "ok", "migrations": "pending"}
        await connection.execute("UPDATE _yoyo_migration SET migration_id = ltrim(migration_id, 'x')")
    assert (await client.get("/readyz")).status == 200


async def test_a_migration_of_a_newer_release(client: Client, postgres: Postgres) -> None:
    """While releases overlap, the older one goes on serving."""
    async with postgres.acquire() as connection:
        await connection.execute("INSERT INTO _yoyo_migration VALUES ('newer', '9999.newer', now() AT TIME ZONE 'UTC')")
    assert (await client.get("/readyz")).status == 200


async def test_a_database_that_was_never_migrated(client: Client, postgres: Postgres) -> None:
    async with postgres.acquire() as connection:
        await connection.execute("ALTER TABLE _yoyo_migration RENAME TO elsewhere")
        assert await checks(client) == {"redis": "ok", "postgres": "ok", "migrations": "pending"}


async def test_not_ready_is_an_error_like_any_other(client: Client, resources: Resources) -> None:
    async with resources.postgres.acquire() as connection:
        await connection.execute("TRUNCATE _yoyo_migration")
    answer = await client.get("/readyz")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    [error] = (await answer.json())["errors"]
    assert error["code"] == "service_unavailable"
    assert error["checks"]["status"] == "unavailable"


async def checks(client: Client) -> dict[str, str]:
    """What the service lacks, part by part. It is alive nevertheless."""
    assert (await client.get("/livez")).status == 200
    answer = await client.get("/readyz")
    assert answer.status == 503
    [error] = (await answer.json())["errors"]
    return {part: state for part, state in error["checks"].items() if part != "status"}
