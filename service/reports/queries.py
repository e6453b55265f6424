"""The SQL of reports. Days are inclusive; `manager_id` limits a report to the places of that manager."""

from collections.abc import Sequence
from datetime import date

from asyncpg import Record

from service.postgres import Connection
from service.reports.schemas import Group
from service.reports.statements import outcomes_of, sales_of

PAGES_SECONDS = 10.0
"""How long a report of pages may take: while no worker runs, there is more and more that is not summed up."""


async def sales(
    connection: Connection, first: date, last: date, group: Group, manager_id: int | None, currency: str
) -> Sequence[Record]:
    """Bookings, seats, revenue and capacity of each group of the sessions that air on these days.

    A group has a `day`, or the `number` of a movie, a place or a session.
    """
    return await connection.fetch(sales_of(group, manager_id is not None), first, last, manager_id, currency)


async def outcomes(
    connection: Connection, first: date, last: date, group: Group, manager_id: int | None
) -> Sequence[Record]:
    """What came of the ended holds of each group of sessions; groups as in `sales`."""
    return await connection.fetch(outcomes_of(group, manager_id is not None), first, last, manager_id)


async def pages(connection: Connection, first: date, last: date, timezone: str, limit: int) -> Sequence[Record]:
    """The paths entered most on these days in the time zone, with how long visits of them took.

    A visit takes from entering a path to the same visitor's next report of that path, where that is leaving it; it
    counts on the day of that. Visits are read as far as they are not summed up yet.
    """
    return await connection.fetch(
        """
        WITH summed AS (
            SELECT page_id, sum(views) AS views, sum(visitors) AS visitors, sum(exits) AS exits, sum(seconds) AS seconds
            FROM (
                SELECT page_id, views, 0 AS visitors, exits, seconds FROM page_days WHERE day BETWEEN $1 AND $2
                UNION ALL
                SELECT page_id, 0, visitors, 0, 0 FROM page_newcomers
                WHERE day BETWEEN $1 AND $2 AND previous_day < GREATEST($1, (SELECT min(day) FROM page_days))
            ) AS parts
            GROUP BY page_id
        ), parts AS (
            SELECT path, views, visitors, exits, seconds FROM summed JOIN pages ON pages.id = page_id
            UNION ALL
            SELECT path, count(*) FILTER (WHERE entered),
                   count(*) FILTER (
                       WHERE entered AND previous_day < GREATEST($1, (SELECT min(day) FROM page_days))
                   ),
                   count(seconds), sum(seconds)
            FROM visits_to_sum_up($3, 'infinity') WHERE day BETWEEN $1 AND $2 GROUP BY path
        )
        SELECT path, sum(views)::bigint AS views, sum(visitors)::bigint AS visitors,
               (sum(seconds) / nullif(sum(exits), 0))::float8 AS average_seconds
        FROM parts GROUP BY path HAVING sum(views) > 0
        ORDER BY views DESC, path LIMIT $4
        """,
        first,
        last,
        timezone,
        limit,
        timeout=PAGES_SECONDS,
    )
