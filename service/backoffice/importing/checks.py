"""The SQL that finds faults among the staged rows: each fills `faults`, and the catalogue is as it is now."""

from collections.abc import Sequence

from service.backoffice.importing.faults import MOST_SHOWN, Fault
from service.postgres import Connection


async def repeated_movies(connection: Connection) -> None:
    """Movies that an earlier row of the file has, or the catalogue."""
    await connection.execute(
        """
        INSERT INTO faults (line, code, message, field)
        SELECT line, 'duplicate_row', 'Line ' || first || ' has this movie, too.', 'title'
        FROM (SELECT line, min(line) OVER (PARTITION BY title, year) AS first FROM staged_movies) AS rows
        WHERE line > first
        UNION ALL
        SELECT DISTINCT line, 'movie_exists', 'The catalogue has a movie of this title and year.', 'title'
        FROM staged_movies JOIN movies USING (title, year)
        """
    )


async def repeated_places(connection: Connection) -> None:
    """Places that an earlier row of the file has, or the chain."""
    await connection.execute(
        """
        INSERT INTO faults (line, code, message, field)
        SELECT line, 'duplicate_row', 'Line ' || first || ' has this place, too.', 'name'
        FROM (SELECT line, min(line) OVER (PARTITION BY name) AS first FROM staged_places) AS rows
        WHERE line > first
        UNION ALL
        SELECT DISTINCT line, 'place_exists', 'There is a place of this name.', 'name'
        FROM staged_places JOIN places USING (name)
        """
    )


async def unknown_timezones(connection: Connection) -> None:
    """Time zones that Python knows and Postgres does not."""
    await connection.execute(
        """
        INSERT INTO faults (line, code, message, field)
        WITH unknown AS MATERIALIZED (
            SELECT DISTINCT timezone FROM staged_places
            EXCEPT SELECT name FROM pg_timezone_names
        )
        SELECT line, 'invalid_timezone', 'The time zone must be a name of the IANA database.', 'timezone'
        FROM staged_places JOIN unknown USING (timezone)
        """
    )


async def unknown_names(connection: Connection) -> None:
    """Sessions of movies and at places that are neither there nor in the file, or that are there more than once."""
    await connection.execute(
        """
        INSERT INTO faults (line, code, message, field)
        SELECT line, 'invalid_movie', CASE named_movies.found
                   WHEN 0 THEN 'There is no such movie, neither in the catalogue nor among the right rows of the file.'
                   ELSE 'Several movies have this title: give the movie_year, too, or the id.' END, 'movie'
        FROM staged_sessions JOIN named_movies USING (movie, movie_year) WHERE found <> 1
        UNION ALL
        SELECT line, 'invalid_place', CASE named_places.found
                   WHEN 0 THEN 'There is no such place, neither in the chain nor among the right rows of the file.'
                   ELSE 'Several places have this name: give the id.' END, 'place'
        FROM staged_sessions JOIN named_places USING (place) WHERE found <> 1
        """
    )


async def overlaps_in_file(connection: Connection) -> None:
    """Planned sessions that begin before the room is free again; of two, the later row is at fault."""
    await connection.execute(
        """
        INSERT INTO faults (line, code, message, field)
        SELECT greatest(line, before[2]), 'session_overlaps',
               'The session of line ' || least(line, before[2]) || ' occupies the place at that time.', 'starts_at'
        FROM (
            SELECT line, start_ms, max(ARRAY[end_ms, line]) OVER (
                PARTITION BY place_id ORDER BY start_ms, line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before
            FROM (
                SELECT line, place_id, (extract(epoch FROM starts_at) * 1000)::bigint AS start_ms,
                       (extract(epoch FROM cleared_at) * 1000)::bigint AS end_ms
                FROM planned
            ) AS spans
        ) AS rows
        WHERE start_ms < before[1]
        """
    )


async def overlaps_with_schedule(connection: Connection) -> None:
    """Planned sessions that the schedule has already, or whose place it occupies at that time."""
    await connection.execute(
        """
        INSERT INTO faults (line, code, message, field)
        SELECT DISTINCT ON (line) line,
               CASE WHEN same THEN 'session_exists' ELSE 'session_overlaps' END,
               CASE WHEN same THEN 'This session is scheduled already.'
                   ELSE 'A scheduled session occupies the place at that time.' END, 'starts_at'
        FROM (
            SELECT line, (session.movie_id, session.starts_at) = (planned.movie_id, planned.starts_at) AS same
            FROM planned JOIN sessions AS session ON session.place_id = planned.place_id
             AND tstzrange(session.starts_at, session.cleared_at) && tstzrange(planned.starts_at, planned.cleared_at)
            WHERE session.cancelled_at IS NULL
        ) AS found
        ORDER BY line, same DESC
        """
    )


async def count_faulty_rows(connection: Connection) -> int:
    """How many rows have faults."""
    count: int = await connection.fetchval("SELECT count(DISTINCT line) FROM faults")
    return count


async def first_faults(connection: Connection) -> Sequence[Fault]:
    """The first faults by line, as many as are reported."""
    rows = await connection.fetch(
        "SELECT line, code, message, field FROM faults ORDER BY line, code LIMIT $1", MOST_SHOWN
    )
    return [Fault(**row) for row in rows]
