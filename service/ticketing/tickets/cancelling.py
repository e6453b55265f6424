"""Giving booked tickets back."""

from uuid import UUID

from service.errors import ApiError
from service.idempotency.keys import IdempotencyKey
from service.inventory import as_inventory, lock_inventory, pool_of_event
from service.resources import Resources
from service.settling import tell
from service.ticketing.errors import NOT_YOUR_TICKET, TOO_FEW_TICKETS
from service.ticketing.tickets import queries

MAX_COUNT = 2**31 - 1


async def cancel(
    resources: Resources, user_id: int, event_id: UUID, count: int, key: IdempotencyKey | None = None
) -> None:
    """Return the user's newest booked tickets of the event to its pool, all or none. Raises `ApiError`.

    Under one key that happens once, even if the first caller never learns of it.
    """
    if not 1 <= count <= MAX_COUNT:
        raise ApiError(TOO_FEW_TICKETS, {"count": f"It must be from 1 to {MAX_COUNT}."})
    pool = await resources.event_pools.find(event_id)
    if pool is None:
        raise ApiError(NOT_YOUR_TICKET)
    async with resources.postgres.transaction() as connection:
        await lock_inventory(connection, [pool])
        if key is not None and not await key.is_first(connection):
            return
        newest = await queries.newest_booked(connection, event_id, user_id, count)
        if len(newest) < count:
            raise ApiError(TOO_FEW_TICKETS if newest else NOT_YOUR_TICKET)
        inventory = as_inventory(await queries.cancel(connection, pool, newest))
    await tell([resources.engine.write(pool_of_event(pool), inventory)])
