"""What is done to users, each in one transaction."""

from collections.abc import Mapping
from typing import Any

from asyncpg import Record

from service.backoffice.users import queries
from service.errors import USER_NOT_FOUND, ApiError, InvalidInput
from service.http.input import invalid
from service.postgres import Connection

NO_PLACES = invalid("places", "Only managers have places.")


async def change(connection: Connection, user_id: int, given: Mapping[str, Any]) -> Record:
    """The user with the given role and places, as `queries.user` has it. Raises `ApiError` or `InvalidInput`.

    Who is no manager any more loses the places, so that they do not come back with the role.
    """
    role = await queries.lock_user(connection, user_id)
    if role is None:
        raise ApiError(USER_NOT_FOUND)
    wanted = given.get("role", role)
    if wanted != role:
        await queries.set_role(connection, user_id, wanted)
    if wanted != "manager" and given.get("places"):
        raise InvalidInput([NO_PLACES])
    if wanted != "manager" or "places" in given:
        places = sorted(set(given.get("places", ())))
        await queries.unassign_places(connection, user_id, places)
        await queries.assign_places(connection, user_id, places)
    return await the_user(connection, user_id)


async def the_user(connection: Connection, user_id: int) -> Record:
    """The user, as `queries.user` has it. Raises `ApiError`."""
    row = await queries.user(connection, user_id)
    if row is None:
        raise ApiError(USER_NOT_FOUND)
    return row
