"""What jobs themselves leave behind, cleared away."""

from datetime import timedelta

from service.jobs import queries
from service.jobs.job import Job, Payload
from service.jobs.resources import JobResources


async def forget_done_jobs(resources: JobResources, payload: Payload) -> None:
    """Delete what became of jobs that are done, once it is old."""
    async with resources.postgres.acquire() as connection:
        await queries.delete_log(connection, timedelta(days=resources.settings.job_log_days))


JOBS = (Job("forget-done-jobs", forget_done_jobs, schedule="17 * * * *"),)
