"""What is done to sessions, each in one transaction, and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asyncpg import Record

from service.accounts.tokens import Principal
from service.backoffice.sessions import queries
from service.backoffice.sessions.removal import remove_sessions
from service.backoffice.sessions.schemas import NewSession
from service.backoffice.transactions import UNKNOWN_MOVIE, UNKNOWN_PLACE, Overtaken
from service.bookings.refunds import refund_session
from service.catalogue.queries import session
from service.errors import FORBIDDEN, HAS_BOOKINGS, SESSION_CANCELLED, SESSION_NOT_FOUND, ApiError, InvalidInput
from service.inventory import lock_inventory
from service.postgres import Connection

_STATED = ("movie_id", "place_id", "starts_at", "price", "currency")
_MOVING = ("movie_id", "place_id", "starts_at")


async def visible_session(connection: Connection, session_id: int, staff: Principal) -> Record:
    """The session, if it is of a place that `staff` schedules. Raises `ApiError`."""
    row = await session(connection, session_id)
    if row is None:
        raise ApiError(SESSION_NOT_FOUND)
    await permit(connection, staff, row["place_id"])
    return row


async def create(connection: Connection, session_id: int, staff: Principal, new: NewSession) -> Record:
    """The session, as `catalogue.queries.session` has it. Raises `ApiError` or `InvalidInput`."""
    locked = await _lock(connection, {new.movie_id}, {new.place_id})
    locked.demand(new.movie_id, new.place_id)
    await permit(connection, staff, new.place_id)
    await queries.insert_inventory(connection, session_id, new.place_id, new.starts_at)
    await queries.insert_session(connection, session_id, **dict(new))
    return await visible_session(connection, session_id, staff)


async def change(
    connection: Connection, session_id: int, staff: Principal, given: Mapping[str, Any]
) -> tuple[Record, Sequence[Record]]:
    """The session with the given fields changed, and its inventory row where that has changed.

    Raises `ApiError` or `InvalidInput`.
    """
    seen = await visible_session(connection, session_id, staff)
    wanted = {name: given.get(name, seen[name]) for name in _STATED}
    locked = await _lock(connection, {seen["movie_id"], wanted["movie_id"]}, {seen["place_id"], wanted["place_id"]})
    await lock_inventory(connection, [session_id])
    before = await visible_session(connection, session_id, staff)
    if any(before[name] != seen[name] for name in _STATED):
        raise Overtaken
    locked.demand(wanted["movie_id"], wanted["place_id"])
    await permit(connection, staff, wanted["place_id"])
    rows = await _apply(connection, before, wanted)
    return await visible_session(connection, session_id, staff), rows


async def delete(connection: Connection, session_id: int, staff: Principal) -> Sequence[Record]:
    """The inventory row that went with the session. Raises `ApiError`."""
    seen = await visible_session(connection, session_id, staff)
    await _lock(connection, {seen["movie_id"]}, {seen["place_id"]})
    await lock_inventory(connection, [session_id])
    await visible_session(connection, session_id, staff)
    return await remove_sessions(connection, [session_id])


async def cancel(connection: Connection, session_id: int, staff: Principal) -> tuple[Record, Sequence[Record]]:
    """The session, cancelled with its bookings, whose customers will be told; and its inventory row.

    The inventory is locked before the bookings, so that a sale either is seen here, or finds nothing to sell. Raises
    `ApiError`.
    """
    seen = await visible_session(connection, session_id, staff)
    await _lock(connection, {seen["movie_id"]}, {seen["place_id"]})
    await lock_inventory(connection, [session_id])
    before = await visible_session(connection, session_id, staff)
    if any(before[name] != seen[name] for name in _MOVING):
        raise Overtaken
    if before["cancelled_at"] is not None:
        raise ApiError(SESSION_CANCELLED)
    rows = await queries.close_inventory(connection, session_id)
    await queries.cancel_session(connection, session_id)
    await refund_session(connection, session_id)
    return await visible_session(connection, session_id, staff), rows


async def _apply(connection: Connection, before: Record, after: Mapping[str, Any]) -> Sequence[Record]:
    """Write the session, which is locked, and its inventory where it moves; returns the latter."""
    if all(after[name] == before[name] for name in _STATED):
        return []
    if before["cancelled_at"] is not None:
        raise ApiError(SESSION_CANCELLED)
    moves = any(after[name] != before[name] for name in _MOVING)
    if moves and await queries.any_confirmed(connection, [before["id"]]):
        raise ApiError(HAS_BOOKINGS)
    await queries.update_session(connection, before["id"], **after)
    if not moves:
        return []
    write = queries.retime_inventory if after["place_id"] == before["place_id"] else queries.move_inventory
    return await write(connection, before["id"], after["place_id"], after["starts_at"])


@dataclass(frozen=True, slots=True)
class _Locked:
    """The movies and places that exist and are locked."""

    movies: set[int]
    places: set[int]

    def demand(self, movie_id: int, place_id: int) -> None:
        """Raises `InvalidInput` with what there is not."""
        faults = []
        if movie_id not in self.movies:
            faults.append(UNKNOWN_MOVIE)
        if place_id not in self.places:
            faults.append(UNKNOWN_PLACE)
        if faults:
            raise InvalidInput(faults)


async def _lock(connection: Connection, movie_ids: set[int], place_ids: set[int]) -> _Locked:
    """Lock what a session belongs to, or shall belong to."""
    movies = await queries.lock_movies(connection, list(movie_ids))
    return _Locked(movies, await queries.lock_places(connection, list(place_ids)))


async def permit(connection: Connection, staff: Principal, place_id: int) -> None:
    """Raises `ApiError` unless `staff` is an admin or a manager of the place."""
    if staff.role != "admin" and not await queries.manages(connection, staff.user_id, place_id):
        raise ApiError(FORBIDDEN)
