"""Running jobs with pgqueuer, on a connection of its own, for as long as the process lives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    DBSettings,
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.applications import PgQueuer
from pgqueuer.domain.models import Job as QueuedJob
from pgqueuer.domain.models import Schedule, TracebackRecord

from service.jobs.execution import Execution
from service.jobs.job import Job, Tick
from service.jobs.outbox import enqueue
from service.jobs.resources import JobResources
from service.jobs.ticking import Ticking
from service.postgres import CONNECT_SECONDS, UNREACHABLE

BATCH = 10
STATEMENT_SECONDS = 10.0
RESTART_SECONDS = 1.0
DRAIN_SECONDS = 8.0
"""How long jobs may take to finish once the worker is told to stop; then they are cut off and queued again."""
NAMES = DBSettings(
    prefix="",
    db_schema=None,
    channel="ch_pgqueuer",
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
)
"""Those of the migration: pgqueuer would look for others in the environment, by names such as `CHANNEL`."""

log = structlog.get_logger(__name__)


class JobRunner:
    """Runs jobs and ticks. Several may run at once, in as many processes."""

    def __init__(self, jobs: Sequence[Job], ticks: Sequence[Tick], resources: JobResources) -> None:
        self._jobs = jobs
        self._ticks = ticks
        self._resources = resources
        self._running: set[asyncio.Task[Any]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Run jobs until `stop` is set and those under way have ended; begin anew whenever Postgres was away."""
        while not stop.is_set():
            try:
                await self._run_connected(stop)
            except Exception as failure:  # whatever it is, jobs must go on
                expected = isinstance(failure, UNREACHABLE)
                reason = str(failure) or type(failure).__name__
                log.warning("jobs_interrupted", reason=reason, exc_info=not expected)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RESTART_SECONDS)

    async def _run_connected(self, stop: asyncio.Event) -> None:
        settings = self._resources.settings
        connection = await asyncpg.connect(
            settings.database_url, timeout=CONNECT_SECONDS, command_timeout=STATEMENT_SECONDS
        )
        try:
            driver = AsyncpgDriver(connection)
            queue = self._queue(driver)
            async with Ticking(driver, self._ticks, self._resources).running(), self._stopping(queue, stop):
                await queue.run(
                    dequeue_timeout=timedelta(seconds=settings.job_poll_seconds),
                    batch_size=BATCH,
                    heartbeat_timeout=timedelta(seconds=settings.job_lease_seconds),
                    log_aggregation_interval=timedelta(0),
                )
        finally:
            connection.terminate()

    def _queue(self, driver: AsyncpgDriver) -> PgQueuer:
        queue = PgQueuer(driver, channel=NAMES.channel, queries=_queries(driver))
        for job in self._jobs:
            execution = partial(Execution, job=job, resources=self._resources, running=self._running)
            queue.entrypoint(
                job.name,
                concurrency_limit=job.at_once,
                accepts_context=False,
                on_failure="hold",
                executor_factory=execution,
            )(_never_called)
            if job.schedule is not None:
                queue.schedule(job.name, job.schedule, accepts_context=False)(self._queueing(job.name))
        return queue

    def _queueing(self, name: str) -> Callable[[Schedule], Awaitable[None]]:
        async def queue_one(schedule: Schedule) -> None:
            async with self._resources.postgres.acquire() as connection:
                await enqueue(connection, name, {}, dedupe_key=name)

        return queue_one

    @asynccontextmanager
    async def _stopping(self, queue: PgQueuer, stop: asyncio.Event) -> AsyncIterator[None]:
        async def shut_down() -> None:
            await stop.wait()
            queue.shutdown.set()
            await asyncio.sleep(DRAIN_SECONDS)
            for task in self._running:
                task.cancel()

        task = asyncio.create_task(shut_down())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class _Queries(Queries):
    async def retry_job(self, job: QueuedJob, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        """Queue the job again. Without Postgres it stays as it is, until its lease is over.

        The error would have it kept as failed, although there is nothing wrong with it.
        """
        try:
            await super().retry_job(job, delay, traceback_record)
        except UNREACHABLE as failure:
            log.warning("job_not_queued_again", id=job.id, reason=str(failure) or type(failure).__name__)


def _queries(driver: AsyncpgDriver) -> Queries:
    return _Queries(
        driver,
        qbe=QueryBuilderEnvironment(NAMES),
        qbq=QueryQueueBuilder(NAMES),
        qbs=QuerySchedulerBuilder(NAMES),
    )


async def _never_called(job: QueuedJob) -> None:
    """What pgqueuer wants to decorate: `Execution` knows what to run."""
