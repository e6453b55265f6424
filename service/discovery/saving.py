"""Saving a movie and removing it again, each in one transaction.

The movie is locked first. Whoever changes its countries locks it too, and so do the triggers that list what is saved:
one waits for the other to commit, and no two for each other.
"""

import asyncpg
from asyncpg import Record

from service.discovery import queries
from service.errors import (
    DUPLICATE_SAVE,
    MOVIE_NOT_FOUND,
    NOT_SAVED,
    UNAVAILABLE_IN_COUNTRY,
    USER_NOT_FOUND,
    ApiError,
)
from service.postgres import Connection, Postgres


async def save(postgres: Postgres, user_id: int, movie_id: int, country: str) -> Record:
    """The movie, once it is saved, as `queries.movie` has it. Raises `ApiError`."""
    try:
        async with postgres.transaction() as connection:
            return await _save(connection, user_id, movie_id, country)
    except asyncpg.UniqueViolationError as violation:
        if violation.constraint_name != "saved_movies_pkey":
            raise
        raise ApiError(DUPLICATE_SAVE) from None


async def _save(connection: Connection, user_id: int, movie_id: int, country: str) -> Record:
    if not await queries.lock_user(connection, user_id):  # erased, and this worker has not heard of it yet
        raise ApiError(USER_NOT_FOUND)
    if not await queries.lock_movie(connection, movie_id):
        raise ApiError(MOVIE_NOT_FOUND)
    if not await queries.is_available(connection, movie_id, country):
        raise ApiError(UNAVAILABLE_IN_COUNTRY)
    await queries.insert_saved(connection, user_id, movie_id)
    movie = await queries.movie(connection, movie_id)
    assert movie is not None  # noqa: S101
    return movie


async def remove(postgres: Postgres, user_id: int, movie_id: int) -> None:
    """Raises `ApiError` when it is not saved."""
    async with postgres.transaction() as connection:
        if not (
            await queries.lock_movie(connection, movie_id) and await queries.delete_saved(connection, user_id, movie_id)
        ):
            raise ApiError(NOT_SAVED)
