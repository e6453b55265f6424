"""What is done to events, each in one transaction.

A pool's row is locked before its event, as those do who book its tickets.
"""

from uuid import UUID

from asyncpg import Record

from service.errors import ApiError
from service.inventory import lock_inventory, pool_of_event
from service.postgres import Connection
from service.registers import drop_pools, write_registers
from service.resources import Resources
from service.ticketing.errors import EVENT_NOT_FOUND, HAS_BOOKED_TICKETS
from service.ticketing.events import queries
from service.ticketing.events.schemas import EventChange
from service.ticketing.waitlist.queries import give_up_large

ATTEMPTS = 5


class Overtaken(Exception):
    """The seat count is not what it was when it was read."""


async def pool_of(resources: Resources, event_id: UUID) -> Record:
    """The event's pool and its seat count. Raises `ApiError`."""
    async with resources.postgres.acquire() as connection:
        event = await queries.pool_of(connection, event_id)
    if event is None:
        raise ApiError(EVENT_NOT_FOUND)
    return event


async def change(resources: Resources, pool: int, wanted: EventChange) -> None:
    """Change what does not lower the seat count, and tell Redis. Raises `ApiError`, or `Overtaken` when it would."""
    async with resources.postgres.transaction() as connection:
        row = await write(connection, pool, wanted, kept=0)
    await write_registers(resources.engine, pool_of_event, [row])


async def write(connection: Connection, pool: int, wanted: EventChange, *, kept: int) -> Record:
    """Write the change within a transaction; returns the pool's row then.

    `kept` seats nobody else can get. Who waits for more tickets than there will be seats waits no more. Raises
    `ApiError`, and `Overtaken` when the seat count would fall by more.
    """
    locked = await lock_inventory(connection, [pool])
    if not locked:
        raise ApiError(EVENT_NOT_FOUND)
    if wanted.seat_count is not None and locked[0]["capacity"] - wanted.seat_count > kept:
        raise Overtaken
    fields = wanted.model_dump(include={"name", "address", "description", "latitude", "longitude"})
    if wanted.seat_count is not None and wanted.seat_count < locked[0]["capacity"]:
        await give_up_large(connection, wanted.id, wanted.seat_count)
    await queries.update_event(connection, wanted.id, starts_at=wanted.starts_at, **fields)
    return await queries.update_inventory(connection, pool, wanted.seat_count, wanted.starts_at)


async def delete(resources: Resources, event_id: UUID) -> None:
    """Delete the event, unless tickets are booked, and end the reservations. Raises `ApiError`.

    With its pool's row locked: a sale is either seen here, or finds nothing to sell.
    """
    pool = (await pool_of(resources, event_id))["pool"]
    async with resources.postgres.transaction() as connection:
        rows = await lock_inventory(connection, [pool])
        if not rows:
            raise ApiError(EVENT_NOT_FOUND)
        if rows[0]["sold"] > 0:
            raise ApiError(HAS_BOOKED_TICKETS)
        await queries.delete_event(connection, event_id)
        await queries.delete_inventory(connection, pool)
    await drop_pools(resources.engine, pool_of_event, rows)
