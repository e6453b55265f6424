"""What the worker does about lapsed holds."""

from datetime import timedelta

from service.jobs.deleting import delete_old
from service.jobs.job import Job, Payload, Tick
from service.jobs.resources import JobResources
from service.lapses import queries
from service.lapses.recorder import record

SECONDS = 10.0
"""Less than the time for which a pool outlives its last hold."""


async def forget_lapses(resources: JobResources, payload: Payload) -> None:
    """Delete the rows of holds that were opened too long ago; reports keep their numbers."""
    await delete_old(resources.postgres, queries.delete_lapses, timedelta(days=resources.settings.lapses_days))


JOBS = (Job("forget-lapses", forget_lapses, schedule="57 * * * *", seconds=600),)
TICKS = (Tick("lapsed-holds", SECONDS, record),)
