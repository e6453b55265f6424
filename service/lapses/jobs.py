"""What the worker does about lapsed holds."""

from datetime import timedelta

from service.jobs.job import Job, Payload, Tick
from service.jobs.resources import JobResources
from service.lapses import queries
from service.lapses.recorder import record

SECONDS = 10.0
"""Less than the time for which a pool outlives its last hold."""
AT_ONCE = 5_000


async def forget_lapses(resources: JobResources, payload: Payload) -> None:
    """Delete the rows of holds that were opened too long ago, some thousands at a time; reports keep their numbers."""
    age = timedelta(days=resources.settings.lapses_days)
    deleted = AT_ONCE
    while deleted == AT_ONCE:
        async with resources.postgres.acquire() as connection:
            deleted = await queries.delete_lapses(connection, age, AT_ONCE)


JOBS = (Job("forget-lapses", forget_lapses, schedule="57 * * * *", seconds=600),)
TICKS = (Tick("lapsed-holds", SECONDS, record),)
