"""Joining the line, and leaving it."""

from contextlib import suppress
from uuid import UUID

import asyncpg

from holds.errors import HoldError, StoreUnavailable
from service.errors import ApiError
from service.ids import uuid7
from service.inventory import pool_of_event
from service.registers import write_registers
from service.resources import Resources
from service.ticketing.errors import (
    ALREADY_WAITING,
    EVENT_NOT_FOUND,
    EVENT_OVER,
    INVALID_TOKEN,
    INVALID_WAITLIST_COUNT,
)
from service.ticketing.tickets.holds import hold_of, owner_of
from service.ticketing.waitlist import queries


async def join(resources: Resources, user_id: int, event_id: UUID, count: int) -> None:
    """Put the user at the end of the event's line, for so many tickets. Raises `ApiError`."""
    most = resources.settings.max_tickets_per_reservation
    if not 1 <= count <= most:
        raise ApiError(INVALID_WAITLIST_COUNT, {"count": f"It must be from 1 to {most}."})
    pool = await _pool(resources, event_id)
    try:
        async with resources.postgres.transaction() as connection:
            row = await queries.change_line(connection, pool)
            if row is None:
                raise ApiError(EVENT_NOT_FOUND)
            if row["is_over"]:
                raise ApiError(EVENT_OVER)
            if count > row["capacity"]:
                raise ApiError(INVALID_WAITLIST_COUNT, {"count": f"The event has {row['capacity']} seats."})
            if not await queries.join(connection, uuid7(), event_id, user_id, [uuid7() for _ in range(count)]):
                raise ApiError(INVALID_TOKEN)  # the account is erased, and this worker has not heard of it yet
    except asyncpg.UniqueViolationError as violation:
        if violation.constraint_name != "waitlist_entries_once_per_event":
            raise
        raise ApiError(ALREADY_WAITING) from None
    await write_registers(resources.engine, pool_of_event, [row])


async def leave(resources: Resources, user_id: int, event_id: UUID) -> None:
    """Take the user out of the event's line, and give back what was offered. Raises `ApiError`.

    Nothing happens where the user is not in it.
    """
    pool = await _pool(resources, event_id)
    async with resources.postgres.transaction() as connection:
        row = await queries.change_line(connection, pool)
        if row is None:
            raise ApiError(EVENT_NOT_FOUND)
        left = await queries.leave(connection, event_id, user_id)
    await write_registers(resources.engine, pool_of_event, [row])
    if left is not None and left["was_offered"]:
        with suppress(HoldError, StoreUnavailable):  # they lapse, or a call that is under way books them
            await resources.engine.release(owner_of(user_id), [hold_of(ticket_id) for ticket_id in left["ticket_ids"]])


async def _pool(resources: Resources, event_id: UUID) -> int:
    pool = await resources.event_pools.find(event_id)
    if pool is None:
        raise ApiError(EVENT_NOT_FOUND)
    return pool
