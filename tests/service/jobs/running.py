"""Jobs run in the process of the test."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from service.jobs.job import Job, Tick
from service.jobs.resources import JobResources
from service.jobs.runner import JobRunner
from service.settings import Settings
from service.worker import JOBS, TICKS, opened

QUICK = {"job_poll_seconds": 0.02, "job_retry_seconds": 0.01, "smtp_seconds": 0.5}
"""What makes waiting short, for `settings.model_copy(update=QUICK)`."""
SHORT_LEASE = {"job_lease_seconds": 0.8}
"""For tests in which a worker dies: one that the machine keeps from its work for as long counts as dead, too."""


@asynccontextmanager
async def running_jobs(
    settings: Settings, jobs: Sequence[Job] = JOBS, ticks: Sequence[Tick] = TICKS
) -> AsyncIterator[JobResources]:
    """A worker, stopped in the end as by SIGTERM; gives what its jobs share."""
    stop = asyncio.Event()
    async with opened(settings) as resources:
        task = asyncio.create_task(JobRunner(jobs, ticks, resources).run(stop))
        try:
            yield resources
        finally:
            stop.set()
            await task
