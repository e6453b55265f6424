"""What jobs themselves leave behind, cleared away."""

from datetime import timedelta

from service.jobs import queries
from service.jobs.deleting import delete_old
from service.jobs.job import Job, Payload
from service.jobs.resources import JobResources


async def forget_done_jobs(resources: JobResources, payload: Payload) -> None:
    """Delete what became of jobs that are done, once it is old."""
    await delete_old(resources.postgres, queries.delete_log, timedelta(days=resources.settings.job_log_days))


JOBS = (Job("forget-done-jobs", forget_done_jobs, schedule="17 * * * *", seconds=600),)
