"""The SQL of jobs as administrators see and retry them."""

from collections.abc import Mapping, Sequence

from asyncpg import Record

from service.backoffice.jobs.schemas import JobQuery
from service.postgres import Connection

_JOBS = """
SELECT id, entrypoint AS name, status::text, payload, attempts, created AS created_at, execute_after AS next_run_at,
       (SELECT CASE WHEN traceback ->> 'exception_type' = 'RetryRequested' THEN traceback ->> 'exception_message'
               ELSE concat_ws(': ', traceback ->> 'exception_type', nullif(traceback ->> 'exception_message', '')) END
        FROM pgqueuer_log WHERE job_id = pgqueuer.id AND traceback IS NOT NULL
        ORDER BY pgqueuer_log.created DESC, pgqueuer_log.id DESC LIMIT 1) AS last_error
FROM pgqueuer
"""
_PAGE = """
WHERE ($1::bigint IS NULL OR id < $1) AND ($3::text IS NULL OR entrypoint = $3) {}
ORDER BY id DESC LIMIT $2
"""
# The state as a constant: few failed jobs have an index of their own among however many are waiting.
_PAGES: Mapping[str | None, str] = {
    None: _JOBS + _PAGE.format(""),
    "waiting": _JOBS + _PAGE.format("AND status = 'queued'"),
    "running": _JOBS + _PAGE.format("AND status = 'picked'"),
    "failed": _JOBS + _PAGE.format("AND status = 'failed'"),
}


async def page_of_jobs(connection: Connection, query: JobQuery, before: int | None) -> Sequence[Record]:
    """One job more than the page has, the newest first, with ids below `before`."""
    return await connection.fetch(_PAGES[query.state], before, query.limit + 1, query.name)


async def job(connection: Connection, job_id: int) -> Record | None:
    """A job that is not done."""
    return await connection.fetchrow(_JOBS + "WHERE id = $1", job_id)


async def retry(connection: Connection, job_id: int) -> bool:
    """Have a failed job tried again as a new one; False when it has not failed.

    Raises `UniqueViolationError` (pgqueuer_unique_dedupe_key) when one with its key is waiting or running.
    """
    retried: bool | None = await connection.fetchval(
        """
        WITH retried AS (
            UPDATE pgqueuer
            SET status = 'queued', execute_after = now(), updated = now(), attempts = 0, queue_manager_id = NULL
            WHERE id = $1 AND status = 'failed' RETURNING id, entrypoint, priority
        )
        INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority)
        SELECT id, 'queued', entrypoint, priority FROM retried
        RETURNING true
        """,
        job_id,
    )
    return bool(retried)
