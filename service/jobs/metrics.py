"""What becomes of jobs, for Prometheus."""

import asyncio
from collections.abc import Iterable

import structlog

from service.jobs import queries
from service.metrics import Counter, Gauge, Histogram
from service.postgres import Postgres

PAUSE_SECONDS = 15.0
STATES = {"queued": "waiting", "picked": "running", "failed": "failed"}
"""The statuses of pgqueuer by the words that users read."""

ATTEMPTS = Counter("holdfast_job_attempts", "Attempts at jobs, by what came of them.", ["job", "outcome"])
SECONDS = Histogram(
    "holdfast_job_seconds", "Seconds that an attempt took.", ["job"], buckets=(0.01, 0.05, 0.25, 1.0, 5.0, 20.0, 60.0)
)
JOBS = Gauge("holdfast_jobs", "Jobs by state.", ["job", "state"], multiprocess_mode="mostrecent")
LATE = Gauge(
    "holdfast_jobs_late_seconds", "For how long a job that could run has been waiting.", multiprocess_mode="mostrecent"
)
TICK_FAILURES = Counter("holdfast_tick_failures", "Ticks that raised.", ["tick"])

log = structlog.get_logger(__name__)


async def keep_counting(postgres: Postgres, names: Iterable[str]) -> None:
    """Count the jobs with these names now and then. Never returns."""
    known = list(names)
    while True:
        try:
            await count(postgres, known)
        except Exception as failure:  # whatever it is, it must be tried again
            log.warning("jobs_not_counted", reason=str(failure) or type(failure).__name__)
        await asyncio.sleep(PAUSE_SECONDS)


async def count(postgres: Postgres, names: Iterable[str]) -> None:
    """Count the jobs that there are. Raises what `Postgres` raises."""
    async with postgres.acquire() as connection:
        rows = await queries.backlog(connection)
    jobs = {(row["entrypoint"], row["status"]): row["jobs"] for row in rows}
    for name in names:
        for status, state in STATES.items():
            JOBS.labels(name, state).set(jobs.get((name, status), 0))
    LATE.set(max([0.0, *(row["late"] for row in rows)]))
