"""The SQL of a movie's genres, cast and countries.

Who changes them has locked the movie: the lists by country and what counts them lock it too, after these rows.
"""

from collections.abc import Sequence

from asyncpg import Record

from service.postgres import Connection

WRITE_SECONDS = 10.0
"""How long a change may take whose triggers reach all who saved the movie."""


async def facets_of(connection: Connection, movie_ids: Sequence[int]) -> dict[int, Record]:
    """By movie: genres by name, cast by the credits, both as [id, name], and countries by code."""
    rows = await connection.fetch(
        """
        SELECT movie_id,
               (
                   SELECT COALESCE(jsonb_agg(jsonb_build_array(genres.id, name) ORDER BY name), '[]')
                   FROM movie_genres JOIN genres ON genres.id = genre_id WHERE movie_genres.movie_id = wanted.movie_id
               ) AS genres,
               (
                   SELECT COALESCE(jsonb_agg(jsonb_build_array(actors.id, name) ORDER BY position, actors.id), '[]')
                   FROM movie_cast JOIN actors ON actors.id = actor_id WHERE movie_cast.movie_id = wanted.movie_id
               ) AS cast,
               ARRAY(
                   SELECT country_code::text FROM movie_availability AS available
                   WHERE available.movie_id = wanted.movie_id ORDER BY country_code
               ) AS countries
        FROM unnest($1::bigint[]) AS wanted (movie_id)
        """,
        movie_ids,
    )
    return {row["movie_id"]: row for row in rows}


async def lock_genres(connection: Connection, genre_ids: Sequence[int]) -> set[int]:
    """Those of the genres that exist, which are not deleted before the commit."""
    rows = await connection.fetch(
        "SELECT id FROM genres WHERE id = ANY($1::bigint[]) ORDER BY id FOR KEY SHARE", genre_ids
    )
    return {row["id"] for row in rows}


async def lock_actors(connection: Connection, actor_ids: Sequence[int]) -> set[int]:
    """Those of the actors that exist, which are not deleted before the commit."""
    rows = await connection.fetch(
        "SELECT id FROM actors WHERE id = ANY($1::bigint[]) ORDER BY id FOR KEY SHARE", actor_ids
    )
    return {row["id"] for row in rows}


async def set_genres(connection: Connection, movie_id: int, genre_ids: Sequence[int]) -> None:
    """Leaves alone what stays."""
    await connection.execute(
        "DELETE FROM movie_genres WHERE movie_id = $1 AND genre_id <> ALL($2::bigint[])", movie_id, genre_ids
    )
    await connection.execute(
        "INSERT INTO movie_genres (movie_id, genre_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING",
        movie_id,
        genre_ids,
    )


async def set_cast(connection: Connection, movie_id: int, actor_ids: Sequence[int]) -> None:
    """In the order of the credits."""
    await connection.execute(
        "DELETE FROM movie_cast WHERE movie_id = $1 AND actor_id <> ALL($2::bigint[])", movie_id, actor_ids
    )
    await connection.execute(
        """
        INSERT INTO movie_cast AS credit (movie_id, actor_id, position)
        SELECT $1, actor_id, place FROM unnest($2::bigint[]) WITH ORDINALITY AS given (actor_id, place)
        ON CONFLICT (movie_id, actor_id) DO UPDATE SET position = excluded.position
        WHERE credit.position <> excluded.position
        """,
        movie_id,
        actor_ids,
    )


async def set_countries(connection: Connection, movie_id: int, countries: Sequence[str]) -> None:
    """Leaves alone what stays."""
    await connection.execute(
        "DELETE FROM movie_availability WHERE movie_id = $1 AND country_code <> ALL($2::text[]::bpchar[])",
        movie_id,
        countries,
        timeout=WRITE_SECONDS,
    )
    await connection.execute(
        """
        INSERT INTO movie_availability (movie_id, country_code) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING
        """,
        movie_id,
        countries,
        timeout=WRITE_SECONDS,
    )
