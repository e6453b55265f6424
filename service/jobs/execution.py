"""One attempt at a job, and what follows when it fails."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from random import uniform
from time import perf_counter
from typing import Any

import orjson
import structlog
from pgqueuer.core.executors import AbstractEntrypointExecutor
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Context
from pgqueuer.domain.models import Job as QueuedJob

from service.jobs import metrics, queries
from service.jobs.failures import PermanentFailure, WorkerDied
from service.jobs.job import Job
from service.jobs.resources import JobResources

LONGEST_PAUSE_SECONDS = 3_600.0
MOST_DEATHS = 5
"""How many workers may die of a job, before it is kept as failed."""

log = structlog.get_logger(__name__)


@dataclass
class Execution(AbstractEntrypointExecutor):
    """Runs the jobs of one kind. `running` has the tasks of those under way: cancelling one cuts its job off."""

    job: Job
    resources: JobResources
    running: set[asyncio.Task[Any]] = field(default_factory=set)

    async def execute(self, job: QueuedJob, context: Context) -> None:
        """Run a job. Raises `RetryRequested` to have it tried again, anything else to have it kept as failed."""
        started, task = perf_counter(), asyncio.current_task()
        if task is None:
            raise RuntimeError("not in a task")
        self.running.add(task)
        try:
            async with asyncio.timeout(self.job.seconds):
                await self._count_deaths(job)
                await self.job.run(self.resources, orjson.loads(job.payload or b"{}"))
        except asyncio.CancelledError:
            # Let through, it would count as cancelled by its owner, and the job would be gone.
            self._tell("cut_off", job, started)
            raise RetryRequested(timedelta(0), "The worker stopped.") from None
        except Exception as failure:
            self._failed(job, failure, started)
            raise
        else:
            self._tell("done", job, started)
        finally:
            self.running.discard(task)

    async def _count_deaths(self, job: QueuedJob) -> None:
        """Raises `WorkerDied` when the last attempt killed its worker, `PermanentFailure` when too many did.

        pgqueuer gives such a job to the next worker at once, for ever. As a failure like others it is tried again after
        a pause, in which those that died with it have time to get done.
        """
        async with self.resources.postgres.acquire() as connection:
            times, last = await queries.deaths(connection, job.id)
        if times >= MOST_DEATHS:
            raise PermanentFailure(f"The worker died during {times} attempts.")
        if last:
            raise WorkerDied("The worker died during the last attempt.")

    def _failed(self, job: QueuedJob, failure: Exception, started: float) -> None:
        """Return when the job is to be kept as failed. Raises `RetryRequested`."""
        reason = f"{type(failure).__name__}: {failure}".removesuffix(": ")
        settings = self.resources.settings
        if isinstance(failure, PermanentFailure) or job.attempts + 1 >= settings.job_attempts:
            self._tell("kept", job, started, reason)
            return
        seconds = pause(job.attempts, settings.job_retry_seconds)
        self._tell("retried", job, started, reason, next_in=round(seconds, 1))
        raise RetryRequested(timedelta(seconds=seconds), reason) from failure

    def _tell(self, outcome: str, job: QueuedJob, started: float, reason: str | None = None, **more: object) -> None:
        seconds = perf_counter() - started
        metrics.ATTEMPTS.labels(self.job.name, outcome).inc()
        metrics.SECONDS.labels(self.job.name).observe(seconds)
        told = {"job": self.job.name, "id": job.id, "attempt": job.attempts + 1, "seconds": round(seconds, 3), **more}
        if reason is None:
            log.info(f"job_{outcome}", **told)
        else:
            log.warning(f"job_{outcome}", reason=reason, **told)


def pause(failed_before: int, first_seconds: float) -> float:
    """Seconds until the next attempt: doubled after each, up to an hour, give or take a tenth.

    Without the tenth, the jobs of an outage would all come back at once.
    """
    doubled = first_seconds * 2.0 ** min(failed_before, 30)
    return min(doubled, LONGEST_PAUSE_SECONDS) * uniform(0.9, 1.1)  # noqa: S311  # no secret
