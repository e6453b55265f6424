"""The outbox as tests look at it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from asyncpg import Record

from service.postgres import Postgres
from service.settings import Settings
from tests.service.jobs.running import QUICK


class Outbox:
    """The jobs that there are."""

    def __init__(self, postgres: Postgres) -> None:
        self.postgres = postgres

    async def jobs(self, name: str | None = None) -> list[Record]:
        async with self.postgres.acquire() as connection:
            return await connection.fetch(
                "SELECT * FROM pgqueuer WHERE $1::text IS NULL OR entrypoint = $1 ORDER BY id", name
            )

    async def is_empty(self) -> bool:
        return not await self.jobs()

    async def has_failed(self) -> bool:
        jobs = await self.jobs()
        return bool(jobs) and all(job["status"] == "failed" for job in jobs)


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={**QUICK, "mail_folder": tmp_path / "mail"})


@pytest.fixture
async def postgres(settings: Settings) -> AsyncIterator[Postgres]:
    async with Postgres.open(settings.database_url) as postgres:
        yield postgres


@pytest.fixture
def outbox(postgres: Postgres) -> Outbox:
    return Outbox(postgres)
