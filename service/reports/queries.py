"""The SQL of reports. Days are inclusive; `manager_id` limits a report to the places of that manager."""

from collections.abc import Sequence
from datetime import date

from asyncpg import Record

from service.postgres import Connection


async def sales(
    connection: Connection, first: date, last: date, group: str, manager_id: int | None, currency: str
) -> Sequence[Record]:
    """Bookings, seats, revenue and capacity of each group of the sessions that air on these days.

    A group has a `day`, or the `number` of a movie, a place or a session; the other is null.
    """
    return await connection.fetch(
        """
        WITH shown AS (
            SELECT sessions.id, CASE $3 WHEN 'day' THEN airs_on END AS day,
                   CASE $3 WHEN 'movie' THEN movie_id WHEN 'place' THEN place_id WHEN 'session' THEN sessions.id END
                       AS number,
                   CASE WHEN cancelled_at IS NULL THEN inventory.capacity ELSE 0 END AS capacity
            FROM sessions JOIN inventory USING (id)
            WHERE airs_on BETWEEN $1 AND $2
              AND ($4::bigint IS NULL OR place_id IN (SELECT place_id FROM manager_places WHERE user_id = $4))
        ), sums AS (
            SELECT day, number, sum(bookings) AS bookings, sum(seats) AS seats, sum(revenue) AS revenue,
                   sum(capacity) AS capacity
            FROM (
                SELECT day, number, 0 AS bookings, 0 AS seats, 0 AS revenue, capacity FROM shown
                UNION ALL
                SELECT day, number, bookings, seats, CASE currency WHEN $5 THEN revenue ELSE 0 END, 0
                FROM shown JOIN session_sales ON session_id = id
            ) AS parts
            GROUP BY day, number
        )
        SELECT sums.day, number, bookings::bigint, seats::bigint, revenue::bigint, sums.capacity::bigint,
               movies.title AS movie, places.name AS place, starts_at
        FROM sums
        LEFT JOIN sessions ON $3 = 'session' AND sessions.id = number
        LEFT JOIN movies ON movies.id = CASE $3 WHEN 'movie' THEN number WHEN 'session' THEN movie_id END
        LEFT JOIN places ON places.id = CASE $3 WHEN 'place' THEN number WHEN 'session' THEN place_id END
        ORDER BY sums.day, starts_at, movies.title, places.name, number
        """,
        first,
        last,
        group,
        manager_id,
        currency,
    )


async def outcomes(
    connection: Connection, first: date, last: date, group: str, manager_id: int | None
) -> Sequence[Record]:
    """What came of the ended holds of each group of sessions; groups as in `sales`."""
    return await connection.fetch(
        """
        WITH shown AS (
            SELECT id, CASE $3 WHEN 'day' THEN airs_on END AS day,
                   CASE $3 WHEN 'movie' THEN movie_id WHEN 'place' THEN place_id WHEN 'session' THEN id END AS number
            FROM sessions
            WHERE airs_on BETWEEN $1 AND $2
              AND ($4::bigint IS NULL OR place_id IN (SELECT place_id FROM manager_places WHERE user_id = $4))
        ), sums AS (
            SELECT day, number, sum(confirmed) AS confirmed, sum(cancelled) AS cancelled, sum(lapsed) AS lapsed
            FROM (
                SELECT day, number, 0 AS confirmed, 0 AS cancelled, 0 AS lapsed FROM shown
                UNION ALL
                SELECT day, number, confirmed, cancelled, 0 FROM shown JOIN session_sales ON session_id = id
                UNION ALL
                SELECT day, number, 0, dropped, lapsed FROM shown JOIN session_lapses ON session_id = id
            ) AS parts
            GROUP BY day, number
        )
        SELECT sums.day, number, confirmed, cancelled, lapsed, movies.title AS movie, places.name AS place, starts_at
        FROM sums
        LEFT JOIN sessions ON $3 = 'session' AND sessions.id = number
        LEFT JOIN movies ON movies.id = CASE $3 WHEN 'movie' THEN number WHEN 'session' THEN movie_id END
        LEFT JOIN places ON places.id = CASE $3 WHEN 'place' THEN number WHEN 'session' THEN place_id END
        ORDER BY sums.day, starts_at, movies.title, places.name, number
        """,
        first,
        last,
        group,
        manager_id,
    )


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
    )
