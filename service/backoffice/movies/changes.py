"""What is done to movies, each in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg import Record

from service.backoffice.movies import queries
from service.backoffice.movies.schemas import NewMovie
from service.backoffice.sessions.removal import remove_sessions
from service.catalogue.queries import movie
from service.errors import MOVIE_NOT_FOUND, ApiError
from service.postgres import Connection


async def create(connection: Connection, movie_id: int, new: NewMovie) -> Record:
    """The movie, as `catalogue.queries.movie` has it."""
    await queries.insert_movie(connection, movie_id, **dict(new))
    return await _movie(connection, movie_id)


async def change(connection: Connection, movie_id: int, given: Mapping[str, Any]) -> Record:
    """The movie with the given fields changed. Raises `ApiError`."""
    row = await queries.lock_movie(connection, movie_id)
    if row is None:
        raise ApiError(MOVIE_NOT_FOUND)
    if given:
        await queries.update_movie(connection, movie_id, **{**row, **given})
    return await _movie(connection, movie_id)


async def delete(connection: Connection, movie_id: int) -> Sequence[Record]:
    """The inventory rows that went with the movie. Raises `ApiError`."""
    if not await queries.lock_movie_whole(connection, movie_id):
        raise ApiError(MOVIE_NOT_FOUND)
    rows = await remove_sessions(connection, await queries.sessions_of_movie(connection, movie_id))
    await queries.delete_movie(connection, movie_id)
    return rows


async def _movie(connection: Connection, movie_id: int) -> Record:
    row = await movie(connection, movie_id)
    if row is None:
        raise ApiError(MOVIE_NOT_FOUND)
    return row
