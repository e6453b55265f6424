"""What is done to movies, each in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg import Record

from service.backoffice.movies import facets, queries
from service.backoffice.movies.schemas import NewMovie, StaffMovie
from service.backoffice.sessions.removal import remove_sessions
from service.catalogue.queries import movie
from service.errors import MOVIE_NOT_FOUND, ApiError, InvalidInput
from service.http.input import invalid
from service.posters import queries as posters
from service.posters.keeping import Kept, path_of
from service.postgres import Connection

UNKNOWN_GENRE = invalid("genres", "There is no such genre among them.")
UNKNOWN_ACTOR = invalid("cast", "There is no such actor among them.")
_FACETS = ("genres", "cast", "countries")


async def create(connection: Connection, movie_id: int, new: NewMovie) -> StaffMovie:
    """The movie that was added. Raises `InvalidInput`."""
    given = dict(new)
    await queries.insert_movie(connection, movie_id, **_own(given))
    await _set_facets(connection, movie_id, given)
    return await the_movie(connection, movie_id)


async def change(connection: Connection, movie_id: int, given: Mapping[str, Any]) -> tuple[StaffMovie, str | None]:
    """The movie with the given fields changed, and the file of a poster that is of no use any more.

    Raises `ApiError` or `InvalidInput`.
    """
    row = await queries.lock_movie(connection, movie_id)
    if row is None:
        raise ApiError(MOVIE_NOT_FOUND)
    if own := _own(given):
        await queries.update_movie(connection, movie_id, **{**row, **own})
    await _set_facets(connection, movie_id, given)
    file = await posters.delete_poster(connection, movie_id) if "poster" in given else None
    return await the_movie(connection, movie_id), file


async def set_poster(connection: Connection, movie_id: int, kept: Kept) -> tuple[StaffMovie, str | None]:
    """The movie with the poster that was uploaded, and the file of the one before. Raises `ApiError`."""
    row = await queries.lock_movie(connection, movie_id)
    if row is None:
        raise ApiError(MOVIE_NOT_FOUND)
    replaced = await posters.file_of(connection, movie_id)
    await posters.upsert_poster(connection, movie_id, kept)
    await queries.update_movie(connection, movie_id, **{**row, "poster": path_of(movie_id, kept.digest)})
    return await the_movie(connection, movie_id), replaced


async def delete(connection: Connection, movie_id: int) -> tuple[Sequence[Record], str | None]:
    """The inventory rows that went with the movie, and the file of its poster. Raises `ApiError`."""
    if not await queries.lock_movie_whole(connection, movie_id):
        raise ApiError(MOVIE_NOT_FOUND)
    rows = await remove_sessions(connection, await queries.sessions_of_movie(connection, movie_id))
    file = await posters.delete_poster(connection, movie_id)
    await queries.delete_movie(connection, movie_id)
    return rows, file


async def the_movie(connection: Connection, movie_id: int) -> StaffMovie:
    """The movie with genres, cast and countries. Raises `ApiError`."""
    row = await movie(connection, movie_id)
    if row is None:
        raise ApiError(MOVIE_NOT_FOUND)
    return StaffMovie.of_rows(row, (await facets.facets_of(connection, [movie_id]))[movie_id])


def _own(given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the given fields that are columns of the movie."""
    return {name: value for name, value in given.items() if name not in _FACETS}


async def _set_facets(connection: Connection, movie_id: int, given: Mapping[str, Any]) -> None:
    """Set those of genres, cast and countries that are given, each once. Raises `InvalidInput`."""
    genres, cast, countries = (list(dict.fromkeys(given.get(name, ()))) for name in _FACETS)
    faults = []
    if genres and len(await facets.lock_genres(connection, genres)) < len(genres):
        faults.append(UNKNOWN_GENRE)
    if cast and len(await facets.lock_actors(connection, cast)) < len(cast):
        faults.append(UNKNOWN_ACTOR)
    if faults:
        raise InvalidInput(faults)
    if "genres" in given:
        await facets.set_genres(connection, movie_id, genres)
    if "cast" in given:
        await facets.set_cast(connection, movie_id, cast)
    if "countries" in given:
        await facets.set_countries(connection, movie_id, countries)
