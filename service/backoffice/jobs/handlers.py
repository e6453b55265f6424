"""Administrators look at jobs, and have failed ones tried again."""

from asyncpg import UniqueViolationError

from service.backoffice.jobs import queries
from service.backoffice.jobs.schemas import JobAnswer, JobList, JobQuery, QueuedJob
from service.errors import JOB_NOT_FAILED, JOB_NOT_FOUND, JOB_WAITING, ApiError
from service.http.endpoint import Call


async def list_jobs(call: Call[None, JobQuery]) -> JobList:
    """List jobs that are not done

    The newest first. A job that fails is tried again with growing pauses for about a day; then it is kept as `failed`
    until somebody has it retried, as is one that has killed five workers. Filters: `state`, `name`.
    """
    cursors, query, listing = call.resources.cursors, call.query, "admin/jobs"
    [before] = cursors.after(listing, query) or [None]
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.page_of_jobs(connection, query, before)
    shown, metadata = cursors.cut(listing, query, rows, lambda row: (row["id"],))
    return JobList(jobs=[QueuedJob.of(row) for row in shown], metadata=metadata)


async def get_job(call: Call[None, None]) -> JobAnswer:
    """Get a job that is not done"""
    async with call.resources.postgres.acquire() as connection:
        row = await queries.job(connection, call.ids["job_id"])
    if row is None:
        raise ApiError(JOB_NOT_FOUND)
    return JobAnswer(job=QueuedJob.of(row))


async def retry_job(call: Call[None, None]) -> JobAnswer:
    """Have a failed job tried again

    At once, and with as many attempts as a new one. 409 `job_not_failed` when it is waiting or running anyway, and 409
    `job_waiting` when another one for the same thing is.
    """
    job_id = call.ids["job_id"]
    async with call.resources.postgres.transaction() as connection:
        try:
            retried = await queries.retry(connection, job_id)
        except UniqueViolationError as violation:
            if violation.constraint_name != "pgqueuer_unique_dedupe_key":
                raise
            raise ApiError(JOB_WAITING) from None
        row = await queries.job(connection, job_id)
    if row is None:
        raise ApiError(JOB_NOT_FOUND)
    if not retried:
        raise ApiError(JOB_NOT_FAILED)
    return JobAnswer(job=QueuedJob.of(row))
