"""What jobs leave behind."""

from service.jobs.chores import forget_done_jobs
from service.jobs.outbox import NewJob, enqueue_all
from service.postgres import Postgres
from service.settings import Settings
from service.worker import JOBS
from tests.service.jobs.running import running_jobs


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
