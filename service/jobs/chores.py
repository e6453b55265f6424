"""What jobs themselves leave behind, cleared away."""

from datetime import timedelta

from service.jobs import queries
from service.jobs.job import Job, Payload
from service.jobs.resources import JobResources

AT_ONCE = 5_000


async def forget_done_jobs(resources: JobResources, payload: Payload) -> None:
    """Delete what became of jobs that are done, once it is old, some thousands at a time."""
    age = timedelta(days=resources.settings.job_log_days)
    deleted = AT_ONCE
    while deleted == AT_ONCE:
        async with resources.postgres.acquire() as connection:
            deleted = await queries.delete_log(connection, age, AT_ONCE)


JOBS = (Job("forget-done-jobs", forget_done_jobs, schedule="17 * * * *", seconds=600),)
