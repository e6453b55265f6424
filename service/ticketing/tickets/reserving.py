"""Reserving tickets: each is a hold of one seat."""

from uuid import UUID

from holds.errors import NotEnoughSeats, PoolNotFound, SalesEnded, TooManyHolds
from service.errors import ApiError
from service.ids import uuid7
from service.inventory import pool_of_event
from service.resources import Resources
from service.ticketing.errors import EVENT_NOT_FOUND, EVENT_OVER, TOO_FEW_TICKETS, TOO_MANY_TICKETS
from service.ticketing.tickets.holds import hold_of, owner_of


async def reserve(resources: Resources, user_id: int, event_id: UUID, count: int) -> list[UUID]:
    """Hold new tickets of the event, all or none. Raises `ApiError`."""
    if count < 1:
        raise ApiError(TOO_FEW_TICKETS, {"count": "It must be at least 1."})
    most = resources.settings.max_tickets_per_reservation
    if count > most:
        raise ApiError(TOO_MANY_TICKETS, {"count": f"One reservation has at most {most}."})
    pool = await resources.event_pools.find(event_id)
    if pool is None:
        raise ApiError(EVENT_NOT_FOUND)
    ticket_ids = [uuid7() for _ in range(count)]
    try:
        await _open(resources, user_id, pool, ticket_ids)
    except TooManyHolds:
        most = resources.settings.max_held_tickets
        raise ApiError(TOO_MANY_TICKETS, {"count": f"You can hold at most {most} at once."}) from None
    except NotEnoughSeats:
        raise ApiError(TOO_FEW_TICKETS) from None
    except PoolNotFound:
        raise ApiError(EVENT_NOT_FOUND) from None
    except SalesEnded:  # of an event that is over, or of one that is no more
        known = await resources.event_pools.read(event_id)
        raise ApiError(EVENT_NOT_FOUND if known is None else EVENT_OVER) from None
    return ticket_ids


async def _open(resources: Resources, user_id: int, pool: int, ticket_ids: list[UUID]) -> None:
    settings = resources.settings
    await resources.engine.open(
        pool_of_event(pool),
        owner_of(user_id),
        {hold_of(ticket_id): 1 for ticket_id in ticket_ids},
        lifetime=int(settings.ticket_hold_seconds * 1_000),
        owner_limit=settings.max_held_tickets,
    )
