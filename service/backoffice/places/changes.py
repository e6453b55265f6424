"""What is done to places, each in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg import Record

from service.backoffice.places import queries
from service.backoffice.places.schemas import NewPlace
from service.backoffice.sessions.queries import lock_movies
from service.backoffice.sessions.removal import remove_sessions
from service.backoffice.transactions import Overtaken
from service.errors import PLACE_NOT_FOUND, ApiError, InvalidInput
from service.http.input import invalid
from service.inventory import lock_inventory
from service.postgres import Connection
from service.seat_plans.queries import read_plan
from service.seat_plans.schemas import NewSeatPlan


async def create(connection: Connection, place_id: int, plan_id: int, new: NewPlace) -> Record:
    """The place, as `queries.place` has it. `plan_id` is for its seat plan, if it has one."""
    await queries.insert_place(
        connection, place_id, name=new.name, address=new.address, capacity=new.seats, timezone=new.timezone
    )
    if new.seat_plan is not None:
        await queries.insert_plan(connection, plan_id, place_id, new.seat_plan.stored)
        await queries.use_plan(connection, place_id, plan_id)
    return _found(await queries.place(connection, place_id))


async def change(
    connection: Connection, place_id: int, plan_id: int, given: Mapping[str, Any]
) -> tuple[Record, Sequence[Record]]:
    """The place with the given fields changed, and the inventory rows that took its capacity over.

    `plan_id` is for a new seat plan. Raises `ApiError` or `InvalidInput`.
    """
    movies = await _lock_movies(connection, place_id) if "timezone" in given else set()
    before = _found(await queries.lock_place(connection, place_id))
    after = {name: given.get(name, before[name]) for name in ("name", "address", "timezone")}
    if after["timezone"] != before["timezone"]:
        await _demand_locked(connection, place_id, movies)
    after |= await _seats(connection, place_id, plan_id, before, given)
    await queries.update_place(connection, place_id, **after)
    resized = after["capacity"] != before["capacity"]
    rows = await _resize_sessions(connection, place_id, after["capacity"]) if resized else []
    return _found(await queries.place(connection, place_id)), rows


async def delete(connection: Connection, place_id: int) -> Sequence[Record]:
    """The inventory rows that went with the place. Raises `ApiError`."""
    movies = await _lock_movies(connection, place_id)
    if not await queries.lock_place_whole(connection, place_id):
        raise ApiError(PLACE_NOT_FOUND)
    await _demand_locked(connection, place_id, movies)
    rows = await remove_sessions(connection, await queries.sessions_of_place(connection, place_id))
    await queries.delete_place(connection, place_id)
    return rows


async def _seats(
    connection: Connection, place_id: int, plan_id: int, before: Record, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Capacity and seat plan of the place, which is locked, after the change. Raises `InvalidInput`."""
    capacity, current = given.get("capacity", before["capacity"]), before["seat_plan_id"]
    if "seat_plan" not in given:
        if current is not None and capacity != before["capacity"]:
            raise InvalidInput([invalid("capacity", f"The seat plan has {before['capacity']} seats.")])
        return {"capacity": capacity, "seat_plan_id": current}
    plan: NewSeatPlan | None = given["seat_plan"]
    if plan is None:
        return {"capacity": capacity, "seat_plan_id": None}
    if current is None or await read_plan(connection, current) != plan.stored:
        await queries.insert_plan(connection, plan_id, place_id, plan.stored)
        current = plan_id
    return {"capacity": plan.seats, "seat_plan_id": current}


async def _resize_sessions(connection: Connection, place_id: int, capacity: int) -> Sequence[Record]:
    """The inventory rows of the coming sessions that took the capacity over."""
    session_ids = await queries.coming_sessions(connection, place_id)
    await lock_inventory(connection, session_ids)
    return await queries.set_capacity(connection, session_ids, capacity)


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
