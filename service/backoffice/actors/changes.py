"""What is done to actors, each in one transaction."""

from collections.abc import Mapping
from typing import Any

from asyncpg import ForeignKeyViolationError, Record

from service.backoffice.actors import queries
from service.backoffice.transactions import Overtaken
from service.errors import ACTOR_NOT_FOUND, ApiError
from service.postgres import Connection


async def the_actor(connection: Connection, actor_id: int) -> Record:
    """The actor. Raises `ApiError`."""
    row = await queries.actor(connection, actor_id)
    if row is None:
        raise ApiError(ACTOR_NOT_FOUND)
    return row


async def create(connection: Connection, actor_id: int, name: str) -> Record:
    """The new actor. Two may share a name."""
    await queries.insert_actor(connection, actor_id, name)
    return await the_actor(connection, actor_id)


async def change(connection: Connection, actor_id: int, given: Mapping[str, Any]) -> Record:
    """The actor with the given name. Raises `ApiError`."""
    if given:
        await queries.rename_actor(connection, actor_id, given["name"])
    return await the_actor(connection, actor_id)


async def delete(connection: Connection, actor_id: int) -> None:
    """Take the actor out of all casts, whose movies are locked first, and delete it.

    Raises `ApiError`, or `Overtaken`.
    """
    await queries.lock_movies_with_actor(connection, actor_id)
    await queries.take_out_of_casts(connection, actor_id)
    try:
        deleted = await queries.delete_actor(connection, actor_id)
    except ForeignKeyViolationError:  # another movie got the actor after they were locked
        raise Overtaken from None
    if not deleted:
        raise ApiError(ACTOR_NOT_FOUND)
