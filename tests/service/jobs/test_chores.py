"""What jobs leave behind, and all chores together: twice, out of order, and with a worker killed."""

import asyncio

from service.jobs.chores import forget_done_jobs
from service.jobs.outbox import NewJob, enqueue_all
from service.postgres import Postgres
from service.settings import Settings
from service.worker import JOBS
from tests.service.jobs.conftest import Outbox
from tests.service.jobs.processes import job_process
from tests.service.jobs.running import SHORT_LEASE, running_jobs, until

CHORES = [job for job in JOBS if job.schedule is not None]


def test_jobs_have_names_of_their_own() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)


async def test_the_log_of_done_jobs_is_forgotten_and_no_other(settings: Settings, postgres: Postgres) -> None:
    async with running_jobs(settings, [], []) as resources, postgres.acquire() as connection:
        await enqueue_all(connection, [NewJob("kept", {})])
        number = await connection.fetchval("SELECT id FROM pgqueuer")
        for days, job_id in ((40, number), (40, number + 1), (20, number + 2)):
            await connection.execute(
                """
                INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint)
                VALUES (now() - make_interval(days => $1), $2, 'queued', 0, 'any')
                """,
                days,
                job_id,
            )
        for _ in range(2):
            await forget_done_jobs(resources, {})
            left = await connection.fetch("SELECT job_id FROM pgqueuer_log ORDER BY job_id")
            assert [row["job_id"] for row in left] == [number, number + 2]


async def test_chores_run_twice_in_any_order_and_by_a_worker_that_dies(
    settings: Settings, postgres: Postgres, outbox: Outbox
) -> None:
    settings = settings.model_copy(update=SHORT_LEASE)
    async with postgres.acquire() as connection:
        await connection.execute("INSERT INTO users (id, email) VALUES (1, 'ada@example.com')")
        await connection.execute(
            """
            INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, received_at)
            SELECT n, 'ada', 'page_enter', 'https', '/', '{}', now() - make_interval(days => n * 100)
            FROM generate_series(1, 6) AS n
            """
        )
        await connection.execute(
            """
            INSERT INTO token_revocations (jti, user_id, revoked_at)
            SELECT gen_random_uuid(), 1, now() - make_interval(days => n * 2) FROM generate_series(0, 2) AS n
            """
        )
        await connection.execute(
            """
            INSERT INTO password_resets (token_hash, user_id, expires_at)
            SELECT decode(repeat('0' || n, 32), 'hex'), 1, now() - make_interval(days => n)
            FROM generate_series(0, 4) AS n
            """
        )
        for jobs in (CHORES, CHORES[::-1], CHORES):
            await enqueue_all(connection, [NewJob(job.name, {}) for job in jobs])
    async with job_process(settings):
        await asyncio.sleep(0.8)  # about when it begins; whatever it did, the rest is for another
    async with running_jobs(settings, CHORES, []):
        await until(outbox.is_empty)
    async with postgres.acquire() as connection:
        counts = await connection.fetchrow(
            """
            SELECT (SELECT count(*) FROM page_visits) AS visits,
                   (SELECT count(*) FROM token_revocations) AS revocations,
                   (SELECT count(*) FROM password_resets) AS resets
            """
        )
    assert counts
    assert dict(counts) == {"visits": 3, "revocations": 1, "resets": 1}
