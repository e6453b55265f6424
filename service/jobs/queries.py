"""The SQL about jobs that pgqueuer does not bring. Its tables are those of the migration `create-jobs`."""

from collections.abc import Sequence
from datetime import timedelta

from asyncpg import Record

from service.postgres import Connection


async def insert_jobs(
    connection: Connection, names: Sequence[str], payloads: Sequence[bytes], dedupe_keys: Sequence[str | None]
) -> None:
    """Queue jobs; one whose key another waiting or running job has is left out."""
    await connection.execute(
        """
        INSERT INTO pgqueuer (priority, status, entrypoint, payload, dedupe_key)
        SELECT 0, 'queued', * FROM unnest($1::text[], $2::bytea[], $3::text[])
        ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL DO NOTHING
        """,
        names,
        payloads,
        dedupe_keys,
    )


async def deaths(connection: Connection, job_id: int) -> tuple[int, bool]:
    """How often the worker died of a job that is picked, by all that is known, and whether the last one did.

    Each pick is logged, and so is what ends an attempt. Only a new start by hand is logged as queued without a reason:
    what was before that does not count.
    """
    row = await connection.fetchrow(
        """
        SELECT count(*) FILTER (WHERE died) AS times, bool_or(died AND is_last) AS last
        FROM (
            SELECT status = 'picked' AND lag(status) OVER attempts = 'picked' AS died, id = max(id) OVER () AS is_last
            FROM pgqueuer_log
            WHERE job_id = $1 AND id > COALESCE((
                SELECT max(id) FROM pgqueuer_log WHERE job_id = $1 AND status = 'queued' AND traceback IS NULL
            ), 0)
            WINDOW attempts AS (ORDER BY id)
        ) AS picks
        """,
        job_id,
    )
    assert row is not None  # noqa: S101  # it is an aggregate
    return row["times"], bool(row["last"])


async def backlog(connection: Connection) -> list[Record]:
    """How many jobs there are by name and status, and for how many seconds the longest waits past its time."""
    return await connection.fetch(
        """
        SELECT entrypoint, status::text, count(*) AS jobs,
               coalesce(extract(epoch FROM now() - min(execute_after) FILTER (WHERE status = 'queued')), 0)::float
                   AS late
        FROM pgqueuer GROUP BY entrypoint, status
        """
    )


async def delete_log(connection: Connection, older_than: timedelta, limit: int) -> int:
    """Forget some of the older attempts of jobs that are done; how many that were."""
    deleted: int = await connection.fetchval(
        """
        WITH deleted AS (
            DELETE FROM pgqueuer_log WHERE id IN (
                SELECT id FROM pgqueuer_log AS entry
                WHERE created < now() - $1::interval
                  AND NOT EXISTS (SELECT FROM pgqueuer WHERE pgqueuer.id = entry.job_id)
                LIMIT $2
            )
            RETURNING id
        )
        SELECT count(*) FROM deleted
        """,
        older_than,
        limit,
    )
    return deleted
