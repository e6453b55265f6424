"""What is done to places, each in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg import Record

from service.backoffice.places import queries
from service.backoffice.places.schemas import NewPlace
from service.backoffice.sessions.queries import lock_movies
from service.backoffice.sessions.removal import remove_sessions
from service.backoffice.transactions import Overtaken
from service.errors import PLACE_NOT_FOUND, ApiError
from service.inventory import lock_inventory
from service.postgres import Connection


async def create(connection: Connection, place_id: int, new: NewPlace) -> Record:
    """The place, as `queries.place` has it."""
    return _found(await queries.insert_place(connection, place_id, **dict(new)))


async def change(connection: Connection, place_id: int, given: Mapping[str, Any]) -> tuple[Record, Sequence[Record]]:
    """The place with the given fields changed, and the inventory rows that took its capacity over.

    Raises `ApiError`.
    """
    movies = await _lock_movies(connection, place_id) if "timezone" in given else set()
    before = _found(await queries.lock_place(connection, place_id))
    after = {**before, **given}
    if after["timezone"] != before["timezone"]:
        await _demand_locked(connection, place_id, movies)
    place = _found(await queries.update_place(connection, place_id, **after))
    if after["capacity"] == before["capacity"]:
        return place, []
    session_ids = await queries.coming_sessions(connection, place_id)
    await lock_inventory(connection, session_ids)
    return place, await queries.set_capacity(connection, session_ids, after["capacity"])


async def delete(connection: Connection, place_id: int) -> Sequence[Record]:
    """The inventory rows that went with the place. Raises `ApiError`."""
    movies = await _lock_movies(connection, place_id)
    if not await queries.lock_place_whole(connection, place_id):
        raise ApiError(PLACE_NOT_FOUND)
    await _demand_locked(connection, place_id, movies)
    rows = await remove_sessions(connection, await queries.sessions_of_place(connection, place_id))
    await queries.delete_place(connection, place_id)
    return rows


async def _lock_movies(connection: Connection, place_id: int) -> set[int]:
    """Lock the movies shown at the place, whose airing dates are about to change: movies come before places."""
    movies = await queries.movies_at_place(connection, place_id)
    return await lock_movies(connection, list(movies))


async def _demand_locked(connection: Connection, place_id: int, movies: set[int]) -> None:
    """Raises `Overtaken` when another movie came to the place before it was locked."""
    if not await queries.movies_at_place(connection, place_id) <= movies:
        raise Overtaken


def _found(row: Record | None) -> Record:
    if row is None:
        raise ApiError(PLACE_NOT_FOUND)
    return row
