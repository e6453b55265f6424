"""What is done to genres, each in one transaction."""

from collections.abc import Mapping
from typing import Any

from asyncpg import ForeignKeyViolationError, Record

from service.backoffice.genres import queries
from service.backoffice.transactions import Overtaken
from service.errors import GENRE_NOT_FOUND, ApiError
from service.postgres import Connection


async def the_genre(connection: Connection, genre_id: int) -> Record:
    """The genre. Raises `ApiError`."""
    row = await queries.genre(connection, genre_id)
    if row is None:
        raise ApiError(GENRE_NOT_FOUND)
    return row


async def create(connection: Connection, genre_id: int, name: str) -> Record:
    """The new genre. Raises `ApiError` when another one has the name."""
    await queries.insert_genre(connection, genre_id, name)
    return await the_genre(connection, genre_id)


async def change(connection: Connection, genre_id: int, given: Mapping[str, Any]) -> Record:
    """The genre with the given name. Raises `ApiError`."""
    if given:
        await queries.rename_genre(connection, genre_id, given["name"])
    return await the_genre(connection, genre_id)


async def delete(connection: Connection, genre_id: int) -> None:
    """Take the genre off its movies, which are locked first, and delete it. Raises `ApiError`, or `Overtaken`."""
    await queries.lock_movies_of_genre(connection, genre_id)
    await queries.take_off_movies(connection, genre_id)
    try:
        deleted = await queries.delete_genre(connection, genre_id)
    except ForeignKeyViolationError:  # a movie got it after they were locked
        raise Overtaken from None
    if not deleted:
        raise ApiError(GENRE_NOT_FOUND)
