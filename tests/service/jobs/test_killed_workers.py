"""Jobs of every kind, twice, out of order, and with workers that are killed: the end is the same."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from secrets import randbits

import asyncpg
import pytest

from service.ids import Entity
from service.jobs.outbox import NewJob, enqueue_all
from service.postgres import Postgres
from service.reports.queries import pages
from service.settings import Settings
from service.worker import JOBS, TICKS, opened
from tests.service.jobs.conftest import Outbox
from tests.service.jobs.hasty import SECONDS
from tests.service.jobs.kinds import CHORES, KINDS, MAILS, OLD, ROWS
from tests.service.jobs.processes import job_process
from tests.service.jobs.running import SHORT_LEASE, running_jobs
from tests.service.mail.conftest import MailServer
from tests.service.waiting import until

ROUNDS = int(os.environ.get("HOLDFAST_KILL_ROUNDS", "1"))
KILLS = 3
"""In a round: a job of which more workers die is kept as failed."""
HOLDS, VISITS = 30, 40
HASTY = ("tests.service.jobs.hasty",)


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    server = MailServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def settings(settings: Settings, mail_server: MailServer) -> Settings:
    """A worker that is dead for most of a second has left its jobs to the next one."""
    url = f"smtp://localhost:{mail_server.port}"
    return settings.model_copy(update={**SHORT_LEASE, "smtp_url": url, "smtp_seconds": 30, "audit_seconds": 0})


@pytest.fixture
async def work(postgres: Postgres) -> list[NewJob]:
    """Jobs of every kind, and the rows that they are about."""
    async with postgres.acquire() as connection:
        await connection.execute(ROWS)
        for kind in KINDS.values():
            await kind.prepare(connection)
    return [NewJob(name, payload) for name, kind in KINDS.items() for payload in kind.payloads]


async def queue(postgres: Postgres, jobs: list[NewJob]) -> None:
    async with postgres.acquire() as connection:
        await enqueue_all(connection, jobs)


def sent(mail_server: MailServer) -> set[str]:
    """The keys of the e-mails that have arrived."""
    return {str(message["Message-ID"]).strip(" <>").rpartition("@")[0] for message in mail_server.messages}


async def tidied(postgres: Postgres) -> dict[str, tuple[int, int]]:
    """How many old and young rows there are of each chore."""
    async with postgres.acquire() as connection:
        return {name: await kind.counted(connection) for name, kind in CHORES.items()}


@asynccontextmanager
async def old_rows_locked(settings: Settings) -> AsyncIterator[None]:
    """Chores wait in the middle of deleting. In the end, whatever waits is broken off, as when its worker is gone."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        async with connection.transaction():
            for kind in CHORES.values():
                await kind.lock_old(connection)
            yield
            await connection.execute(f"SELECT pg_terminate_backend(pid) {WAITING}")
    finally:
        await connection.close()


WAITING = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_there_is_work_of_every_kind() -> None:
    assert set(KINDS) == {job.name for job in JOBS}
    assert set(CHORES) == {job.name for job in JOBS if job.schedule is not None}


async def test_killed_in_the_middle_of_every_kind(
    settings: Settings, postgres: Postgres, outbox: Outbox, mail_server: MailServer, work: list[NewJob]
) -> None:
    """E-mails are being handed over, and chores deleting, when their worker is killed: nothing of it is done.

    Made to fail by a lease of an hour, and by jobs that are deleted when they are taken: they are never run again.
    """

    async def all_run() -> bool:
        running = {job["entrypoint"] for job in await outbox.jobs() if job["status"] == "picked"}
        async with postgres.acquire() as connection:
            waiting = await connection.fetchval(f"SELECT count(DISTINCT query) {WAITING}")  # some begin again
        return running == set(KINDS) and waiting == len(CHORES)

    await queue(postgres, work)
    mail_server.mood = "hang"
    async with old_rows_locked(settings), job_process(settings):
        await until(all_run)
    assert {job["entrypoint"] for job in await outbox.jobs()} == set(KINDS)
    assert await tidied(postgres) == dict.fromkeys(CHORES, (OLD, 5 - OLD))
    assert mail_server.messages == []
    mail_server.mood = None
    async with running_jobs(settings, JOBS, []):
        await until(outbox.is_empty)
    assert await tidied(postgres) == dict.fromkeys(CHORES, (0, 5 - OLD))
    assert sent(mail_server) == MAILS


async def test_killed_at_any_moment_with_everything_queued_thrice(
    settings: Settings, postgres: Postgres, outbox: Outbox, mail_server: MailServer, work: list[NewJob]
) -> None:
    """What ticks record and sum up included, and that no more than once.

    Made to fail as above. `HOLDFAST_KILL_ROUNDS` kills more often.
    """
    seed = randbits(32)
    random = Random(seed)  # noqa: S311
    await lapse(settings, HOLDS)
    await visit(postgres, VISITS)

    async def is_done() -> bool:
        return await outbox.is_empty() and await ticked(postgres)

    for _ in range(ROUNDS):
        for _ in range(KILLS):
            await queue(postgres, random.sample(work * 3, len(work) * 3))
            await run_until_killed(settings, outbox, random.uniform(0, 0.3))
        async with running_jobs(settings, JOBS, [replace(tick, seconds=SECONDS) for tick in TICKS]):
            await until(is_done)
    assert await tidied(postgres) == dict.fromkeys(CHORES, (0, 5 - OLD)), seed
    assert sent(mail_server) == MAILS, seed
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT lapsed FROM session_lapses") == 5 + HOLDS, seed
        today = datetime.now(UTC).date()
        [row, _] = await pages(connection, today - timedelta(days=9), today + timedelta(days=1), "Europe/Paris", 9)
        assert (row["path"], row["views"], row["visitors"]) == ("/seen", VISITS, VISITS), seed


async def run_until_killed(settings: Settings, outbox: Outbox, seconds: float) -> None:
    """Run jobs, for so long after the first one has begun."""
    queued = len(await outbox.jobs())

    async def has_begun() -> bool:
        jobs = await outbox.jobs()
        return len(jobs) != queued or any(job["status"] == "picked" for job in jobs)

    async with job_process(settings, HASTY):
        await until(has_begun)
        await asyncio.sleep(seconds)


async def lapse(settings: Settings, count: int) -> None:
    """Holds that are over, in Redis."""
    async with opened(settings) as resources:
        holds = {Entity.BOOKING.public(resources.ids.next()): 1 for _ in range(count)}
        await resources.engine.open("ses_1", "usr_1", holds, lifetime=1, owner_limit=count)


async def visit(postgres: Postgres, count: int) -> None:
    """Visits of as many visitors, five minutes ago."""
    async with postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, received_at)
            SELECT 100 + n, 'visitor' || n, 'page_enter', 'https', '/seen', '{}', now() - interval '5 minutes'
            FROM generate_series(1, $1::int) AS n
            """,
            count,
        )


async def ticked(postgres: Postgres) -> bool:
    """Whether ticks have recorded and summed up what there is; the youngest visits wait for a minute."""
    async with postgres.acquire() as connection:
        recorded = await connection.fetchval("SELECT count(*) FROM lapsed_holds WHERE id > 1000")
        unsummed = await connection.fetchval(
            "SELECT count(*) FROM unsummed_visits WHERE received_at < now() - interval '2 minutes'"
        )
    return bool(recorded == HOLDS and unsummed == 0)
