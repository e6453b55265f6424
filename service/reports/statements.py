"""The statements of the reports of sales and holds, put together from constants: one for each way to sum up.

A statement for each group spares Postgres a decision for each session. Parameters: `$1` and `$2` the first and the last
day, `$3` the manager to whose places the report is limited, or null, `$4` the currency of the revenue.
"""

from functools import cache

from service.reports.schemas import Group

_KEYS: dict[Group, str] = {"day": "airs_on", "movie": "movie_id", "place": "place_id", "session": "sessions.id"}
"""What the sessions of a row have in common."""
_LABELLED: dict[Group, tuple[str, str, str]] = {
    "day": ("key AS day, NULL AS movie, NULL AS place, NULL AS starts_at", "", "key"),
    "movie": (
        "key AS number, title AS movie, NULL AS place, NULL AS starts_at",
        "JOIN movies ON movies.id = key",
        "title, key",
    ),
    "place": (
        "key AS number, NULL AS movie, name AS place, NULL AS starts_at",
        "JOIN places ON places.id = key",
        "name, key",
    ),
    "session": (
        "key AS number, title AS movie, name AS place, starts_at",
        "JOIN sessions ON sessions.id = key JOIN movies ON movies.id = movie_id JOIN places ON places.id = place_id",
        "starts_at, title, name, key",
    ),
}
"""What a row is called, where that is, and the order of the rows."""
_OF_MANAGER = "place_id IN (SELECT place_id FROM manager_places WHERE user_id = $3::bigint)"


def _shown(managed: bool) -> str:
    return f"airs_on BETWEEN $1 AND $2 AND {_OF_MANAGER if managed else '$3::bigint IS NULL'}"


@cache
def sales_of(group: Group, managed: bool) -> str:
    """Bookings, seats, revenue and capacity; `managed`: of the places of a manager."""
    key, shown = _KEYS[group], _shown(managed)
    columns, labels, order = _LABELLED[group]
    # S608: nothing but the constants above is put in.
    return f"""
        SELECT {columns}, bookings, seats, revenue, summed.capacity FROM (
            SELECT {key} AS key, sum(bookings) AS bookings, sum(seats) AS seats,
                   COALESCE(sum(revenue) FILTER (WHERE sales.currency = $4::char(3)), 0)::bigint AS revenue,
                   sum(capacity) AS capacity
            FROM sessions JOIN session_sales AS sales ON session_id = sessions.id
            WHERE {shown} GROUP BY {key}
        ) AS summed {labels} ORDER BY {order}
    """  # noqa: S608


@cache
def outcomes_of(group: Group, managed: bool) -> str:
    """What came of the ended holds, likewise; without a currency."""
    key, shown = _KEYS[group], _shown(managed)
    columns, labels, order = _LABELLED[group]
    return f"""
        SELECT {columns}, confirmed, cancelled, lapsed FROM (
            SELECT {key} AS key, sum(confirmed) AS confirmed,
                   sum(cancelled) + COALESCE(sum(dropped), 0) AS cancelled, COALESCE(sum(lapsed), 0) AS lapsed
            FROM sessions JOIN session_sales ON session_id = sessions.id
            LEFT JOIN session_lapses AS lapses ON lapses.session_id = sessions.id AND capacity IS NOT NULL
            WHERE {shown} GROUP BY {key}
        ) AS summed {labels} ORDER BY {order}
    """  # noqa: S608
