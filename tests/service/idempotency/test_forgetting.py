"""Keys are forgotten after a day."""

from pathlib import Path

import pytest

from service.idempotency import queries
from service.idempotency.jobs import forget_keys
from service.jobs import deleting
from service.postgres import Connection, Postgres
from service.settings import Settings
from service.worker import opened


async def used(connection: Connection, digest: str, hours: int) -> None:
    """A key that was used so many hours ago."""
    assert await queries.insert(connection, 1, digest, "any")
    await connection.execute(
        "UPDATE idempotency_keys SET used_at = now() - make_interval(hours => $2) WHERE digest = $1", digest, hours
    )


async def test_old_keys_are_forgotten_a_few_at_a_time(
    postgres: Postgres, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "AT_ONCE", 2)
    async with (
        opened(settings.model_copy(update={"mail_folder": tmp_path})) as worker,
        postgres.acquire() as connection,
    ):
        await connection.execute("INSERT INTO users (id, email) VALUES (1, 'ada@example.com')")
        for number, hours in enumerate((0, 23, 25, 48, 26, 100, 30)):
            await used(connection, str(number), hours)
        for _ in range(2):
            await forget_keys(worker, {})
            left = await connection.fetch("SELECT digest FROM idempotency_keys ORDER BY digest")
            assert [row["digest"] for row in left] == ["0", "1"]
