"""What becomes of page visits in time."""

from datetime import timedelta

from service.jobs.job import Job, Payload, Tick
from service.jobs.resources import JobResources
from service.tracking import queries, sums
from service.tracking.summing import sum_up

AT_ONCE = 5_000


async def forget_visits(resources: JobResources, payload: Payload) -> None:
    """Delete visits that are too old, some thousands at a time, and then the sums of days that are.

    What an attempt deleted stays so.
    """
    age = timedelta(days=resources.settings.tracking_days)
    deleted = AT_ONCE
    while deleted == AT_ONCE:
        async with resources.postgres.acquire() as connection:
            deleted = await queries.delete_visits(connection, age, AT_ONCE)
    async with resources.postgres.transaction() as connection:
        await sums.lock_timezone(connection)
        await sums.delete_sums(connection, age)


JOBS = (Job("forget-visits", forget_visits, schedule="47 * * * *", seconds=600),)
"""Hourly, so that there are never many."""
TICKS = (Tick("page-sums", 10.0, sum_up),)
