"""The SQL of what page visits are summed up to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from service.postgres import Connection

SECONDS = 10.0
"""How long it may take to add some thousand visits."""
ANEW_SECONDS = 300.0
"""How long it may take to have all visits summed up anew."""


async def lock_timezone(connection: Connection) -> str | None:
    """The time zone of the days that there are sums of; nobody else changes sums until the transaction ends."""
    timezone: str | None = await connection.fetchval("SELECT timezone FROM page_days_zone FOR UPDATE")
    return timezone


async def change_timezone(connection: Connection, timezone: str) -> None:
    """Forget all sums: every visit is to be summed up by the days of another time zone."""
    await connection.execute("UPDATE page_days_zone SET timezone = $1", timezone)
    await connection.execute("DELETE FROM pages", timeout=ANEW_SECONDS)
    await connection.execute(
        """
        INSERT INTO unsummed_visits (received_at, visit_id) SELECT received_at, id FROM page_visits
        ON CONFLICT DO NOTHING
        """,
        timeout=ANEW_SECONDS,
    )


async def end_of_next(connection: Connection, settled: timedelta, limit: int) -> datetime | None:
    """When the last of the next visits came that are `settled`; None when there are none."""
    until: datetime | None = await connection.fetchval(
        """
        SELECT max(received_at) FROM (
            SELECT received_at FROM unsummed_visits WHERE received_at < now() - $1::interval
            ORDER BY received_at, visit_id LIMIT $2
        ) AS next
        """,
        settled,
        limit,
    )
    return until


async def overtaken_pages(connection: Connection, timezone: str, until: datetime) -> Sequence[int]:
    """The pages of visits up to a moment of which later ones are summed up already."""
    rows = await connection.fetch(
        "SELECT DISTINCT page_id FROM visits_to_sum_up($1, $2) WHERE late", timezone, until, timeout=SECONDS
    )
    return [row["page_id"] for row in rows]


async def forget_pages(connection: Connection, page_ids: Sequence[int]) -> None:
    """Forget the sums of some pages: their visits are to be summed up anew."""
    await connection.execute(
        """
        WITH forgotten AS (DELETE FROM pages WHERE id = ANY($1::bigint[]) RETURNING path)
        INSERT INTO unsummed_visits (received_at, visit_id)
        SELECT received_at, page_visits.id FROM page_visits JOIN forgotten USING (path) ON CONFLICT DO NOTHING
        """,
        page_ids,
        timeout=ANEW_SECONDS,
    )


async def insert_pages(connection: Connection, timezone: str, until: datetime) -> None:
    """Insert the pages that had no visits before those up to a moment."""
    await connection.execute(
        """
        INSERT INTO pages (path)
        SELECT DISTINCT path FROM visits_to_sum_up($1, $2) WHERE page_id IS NULL ON CONFLICT DO NOTHING
        """,
        timezone,
        until,
        timeout=SECONDS,
    )


async def add_visits(connection: Connection, timezone: str, until: datetime) -> None:
    """Add the visits up to a moment to the sums of their pages, and take them out of those to sum up."""
    await connection.execute(
        """
        WITH visits AS MATERIALIZED (
            SELECT * FROM visits_to_sum_up($1, $2) WHERE page_id IS NOT NULL
        ), days AS (
            INSERT INTO page_days AS sums (day, page_id, views, exits, seconds)
            SELECT day, page_id, count(*) FILTER (WHERE entered), count(seconds), COALESCE(sum(seconds), 0)
            FROM visits GROUP BY day, page_id
            ON CONFLICT (day, page_id) DO UPDATE
            SET views = sums.views + excluded.views, exits = sums.exits + excluded.exits,
                seconds = sums.seconds + excluded.seconds
        ), newcomers AS (
            INSERT INTO page_newcomers AS sums (day, page_id, previous_day, visitors)
            SELECT day, page_id, previous_day, count(*)
            FROM visits WHERE entered AND previous_day < day GROUP BY day, page_id, previous_day
            ON CONFLICT (day, page_id, previous_day) DO UPDATE SET visitors = sums.visitors + excluded.visitors
        ), visitors AS (
            INSERT INTO page_visitors (page_id, tracking_id, last_at, last_id, entered_at, last_day)
            SELECT DISTINCT ON (page_id, tracking_id) page_id, tracking_id, received_at, visit_id,
                   CASE WHEN entered THEN received_at END, CASE WHEN entered THEN day ELSE previous_day END
            FROM visits ORDER BY page_id, tracking_id, received_at DESC, visit_id DESC
            ON CONFLICT (page_id, tracking_id) DO UPDATE
            SET last_at = excluded.last_at, last_id = excluded.last_id, entered_at = excluded.entered_at,
                last_day = excluded.last_day
        )
        DELETE FROM unsummed_visits AS unsummed USING visits
        WHERE (unsummed.received_at, unsummed.visit_id) = (visits.received_at, visits.visit_id)
        """,
        timezone,
        until,
        timeout=SECONDS,
    )


async def leave_out_deleted(connection: Connection, until: datetime) -> None:
    """Take visits up to a moment that were deleted before they were summed up out of those to sum up."""
    await connection.execute(
        """
        DELETE FROM unsummed_visits
        WHERE received_at <= $1 AND NOT EXISTS (SELECT FROM page_visits WHERE page_visits.id = visit_id)
        """,
        until,
    )


async def delete_sums(connection: Connection, older_than: timedelta) -> None:
    """Delete the sums of days of which all visits are older, and what is known of visitors who came no more since."""
    await connection.execute(
        """
        WITH kept AS (
            SELECT ((now() - $1::interval) AT TIME ZONE COALESCE(timezone, 'UTC'))::date AS first FROM page_days_zone
        ), days AS (
            DELETE FROM page_days USING kept WHERE day < first
        ), newcomers AS (
            DELETE FROM page_newcomers USING kept WHERE day < first
        )
        DELETE FROM page_visitors WHERE last_at < now() - $1::interval
        """,
        older_than,
        timeout=SECONDS,
    )
    await connection.execute(
        "DELETE FROM pages WHERE NOT EXISTS (SELECT FROM page_visitors WHERE page_id = pages.id)", timeout=SECONDS
    )
