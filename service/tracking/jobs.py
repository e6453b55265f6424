"""What becomes of page visits in time."""

from datetime import timedelta

from service.jobs.deleting import delete_old
from service.jobs.job import Job, Payload, Tick
from service.jobs.resources import JobResources
from service.tracking import queries, sums
from service.tracking.summing import sum_up


async def forget_visits(resources: JobResources, payload: Payload) -> None:
    """Delete visits that are too old, and then the sums of days that are."""
    age = timedelta(days=resources.settings.tracking_days)
    await delete_old(resources.postgres, queries.delete_visits, age)
    async with resources.postgres.transaction() as connection:
        await sums.lock_timezone(connection)
        await sums.delete_sums(connection, age)


JOBS = (Job("forget-visits", forget_visits, schedule="47 * * * *", seconds=600),)
"""Hourly, so that there are never many."""
TICKS = (Tick("page-sums", 10.0, sum_up),)
