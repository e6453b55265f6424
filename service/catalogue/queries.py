"""The SQL that reads the catalogue, for customers and staff alike."""

from collections.abc import Sequence
from datetime import date, datetime

from asyncpg import Record

from service.catalogue.schemas import MovieQuery
from service.catalogue.statements import MATCHING_WORDS, MOVIE_PAGES, NEAREST_OF_GENRE, NEAREST_WITH_WORDS
from service.http.cursors import Key
from service.postgres import Connection


async def page_of_movies(
    connection: Connection, query: MovieQuery, after: Sequence[Key], timezone: str
) -> Sequence[Record]:
    """One movie more than the page has, each with the `position` that `after` (position, id) takes.

    `timezone` says which day is today, where the query asks for what is airing.
    """
    choice = query.sort, query.genre is not None, query.airing
    arguments = (*after, query.limit + 1, query.genre, query.q, timezone)
    nearest, all_pages = (NEAREST_OF_GENRE, MOVIE_PAGES) if query.q is None else (NEAREST_WITH_WORDS, MATCHING_WORDS)
    if query.q is not None or query.genre is not None:
        rows = await connection.fetch(nearest[choice], *arguments)
        if len(rows) > query.limit:
            return rows
    return await connection.fetch(all_pages[choice], *arguments)


async def movie(connection: Connection, movie_id: int) -> Record | None:
    """A movie with what is derived of its sessions and ratings."""
    return await connection.fetchrow(
        """
        SELECT id, title, description, poster, duration, year, airing_from, airing_to, rating, created_at
        FROM movies WHERE id = $1
        """,
        movie_id,
    )


async def movie_exists(connection: Connection, movie_id: int) -> bool:
    """Whether there is such a movie."""
    exists: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM movies WHERE id = $1)", movie_id)
    return exists


async def page_of_places_showing(
    connection: Connection, movie_id: int, after: Sequence[Key], limit: int
) -> Sequence[Record]:
    """`limit` places where a session of the movie has not started, by name and id, after (name, id)."""
    # OFFSET 0 keeps the condition out of the join order: places are read in the order of their index, each with
    # one look into the sessions'.
    return await connection.fetch(
        """
        SELECT id, name, address FROM places
        WHERE (name, id) > (COALESCE($2::text, ''), COALESCE($3::bigint, 0))
          AND EXISTS (
              SELECT FROM sessions
              WHERE movie_id = $1 AND place_id = places.id AND starts_at > now() AND cancelled_at IS NULL
              OFFSET 0
          )
        ORDER BY name, id LIMIT $4
        """,
        movie_id,
        *after,
        limit,
    )


async def window_of_sessions(
    connection: Connection, movie_id: int, place_id: int, first: date | None, last: date | None
) -> Record:
    """Whether the movie and the place exist, and the bounds as text for `page_of_starts`, null where open.

    A bound that is a `datetime` is that moment, a mere `date` that day in the time zone of the place. `in_order` is
    false when the first bound is after the last.
    """
    row = await connection.fetchrow(
        """
        SELECT movie_exists, place_exists, first::text, last::text, COALESCE(first <= last, true) AS in_order
        FROM (
            SELECT EXISTS (SELECT FROM movies WHERE id = $1) AS movie_exists,
                   places.id IS NOT NULL AS place_exists,
                   COALESCE($3::timestamptz, $4::date::timestamp AT TIME ZONE timezone) AS first,
                   COALESCE($5::timestamptz, ($6::date + 1)::timestamp AT TIME ZONE timezone - interval '1 microsecond')
                       AS last
            FROM (VALUES (1)) AS always LEFT JOIN places ON places.id = $2
        ) AS bounds
        """,
        movie_id,
        place_id,
        *_moment_or_day(first),
        *_moment_or_day(last),
    )
    assert row is not None  # noqa: S101
    return row


def _moment_or_day(bound: date | None) -> tuple[datetime | None, date | None]:
    return (bound, None) if isinstance(bound, datetime) else (None, bound)


async def page_of_starts(
    connection: Connection,
    movie_id: int,
    place_id: int,
    window: tuple[str | None, str | None],
    after: Sequence[Key],
    limit: int,
) -> Sequence[Record]:
    """`limit` sessions of the movie at the place, the last to start first, after (`position`, id)."""
    return await connection.fetch(
        """
        SELECT id, starts_at, starts_at::text AS position FROM sessions
        WHERE movie_id = $1 AND place_id = $2 AND cancelled_at IS NULL
          AND starts_at >= COALESCE($3::text, '-infinity')::timestamptz
          AND starts_at <= COALESCE($4::text, 'infinity')::timestamptz
          AND (starts_at, id) < (COALESCE($5::text, 'infinity')::timestamptz, COALESCE($6::bigint, 9223372036854775807))
        ORDER BY starts_at DESC, id DESC LIMIT $7
        """,
        movie_id,
        place_id,
        *window,
        *after,
        limit,
    )


# Subqueries rather than joins: each row of a page costs its four lookups, whatever the planner makes of the filters.
_SESSIONS = """
SELECT id, movie_id, (SELECT title FROM movies WHERE movies.id = movie_id) AS movie_title,
       place_id, (SELECT name FROM places WHERE places.id = place_id) AS place_name,
       starts_at, ends_at, price, currency,
       (SELECT capacity FROM inventory WHERE inventory.id = sessions.id) AS capacity,
       (SELECT sold FROM inventory WHERE inventory.id = sessions.id) AS sold,
       (SELECT seat_plan_id IS NOT NULL FROM inventory WHERE inventory.id = sessions.id) AS numbered,
       cancelled_at, created_at
FROM sessions
"""
_PAGE = """
WHERE id < COALESCE($1::bigint, 9223372036854775807)
  AND ($3::bigint IS NULL OR movie_id = $3)
  AND ($4::bigint IS NULL OR place_id = $4)
  AND ($5::bigint IS NULL OR place_id IN (SELECT place_id FROM manager_places WHERE user_id = $5))
ORDER BY id DESC LIMIT $2
"""


async def session(connection: Connection, session_id: int) -> Record | None:
    """A session with its movie's title, its place's name and its inventory."""
    return await connection.fetchrow(_SESSIONS + "WHERE id = $1", session_id)


async def page_of_sessions(
    connection: Connection,
    before: int | None,
    limit: int,
    *,
    movie_id: int | None,
    place_id: int | None,
    manager_id: int | None,
) -> Sequence[Record]:
    """`limit` sessions like `session`, the last one made first, with ids below `before`.

    Where given: of that movie, at that place, at the places of that manager.
    """
    return await connection.fetch(_SESSIONS + _PAGE, before, limit, movie_id, place_id, manager_id)
