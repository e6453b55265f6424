"""Booking tickets of whatever events and reservations, all or none."""

from collections.abc import Sequence
from uuid import UUID

from holds.errors import HoldError
from holds.models import Claim
from service.errors import ApiError
from service.inventory import number_of
from service.resources import Resources
from service.settling import tell
from service.ticketing.errors import NOT_YOUR_TICKET, TICKET_NOT_RESERVED, TOO_FEW_TICKETS, TRANSACTION_FAILED
from service.ticketing.tickets import queries
from service.ticketing.tickets.holds import hold_of, owner_of
from service.ticketing.tickets.selling import Part, TicketSale

MAX_ATTEMPTS = 3
"""How often one call claims its tickets, each time after finding some of them booked."""


async def book(resources: Resources, user_id: int, ticket_ids: Sequence[UUID]) -> None:
    """Sell tickets that the user holds, all or none, but for those that the user has booked before.

    Raises `ApiError`.
    """
    if not ticket_ids:
        raise ApiError(TOO_FEW_TICKETS, {"ticket_ids": "It needs at least one."})
    wanted = list(dict.fromkeys(ticket_ids))
    for _ in range(MAX_ATTEMPTS):
        try:
            claims = await _claim(resources, user_id, wanted)
        except HoldError:
            wanted = await _not_booked(resources, user_id, wanted)
            if not wanted:
                return
        else:
            parts = tuple(Part.of(claim, resources.ids.next()) for claim in claims)
            await resources.ticket_sales.settle(TicketSale(user_id, parts))
            return
    raise ApiError(TRANSACTION_FAILED)  # another call is selling some of them


async def _claim(resources: Resources, user_id: int, ticket_ids: Sequence[UUID]) -> list[Claim]:
    """The tickets, claimed pool by pool in the order of the pools' ids, all or none. Raises `HoldError`."""
    engine, owner = resources.engine, owner_of(user_id)
    pools = await engine.pools_of(owner, [hold_of(ticket_id) for ticket_id in ticket_ids])
    claims: list[Claim] = []
    try:
        for pool in sorted(pools, key=lambda pool: number_of(pool) or 0):
            claims.append(await engine.claim(owner, pools[pool]))  # noqa: PERF401  # those claimed before must be known
    except BaseException:
        await tell([engine.unclaim(claim) for claim in claims])
        raise
    return claims


async def _not_booked(resources: Resources, user_id: int, ticket_ids: Sequence[UUID]) -> list[UUID]:
    """The tickets without those that the user has booked. Raises `ApiError` for the first that is not the user's.

    A ticket that is booked while this runs is in one of the two sources at least: Redis is read before Postgres.
    """
    holds = await resources.engine.find([hold_of(ticket_id) for ticket_id in ticket_ids])
    owners = {hold.id: hold.owner for hold in holds}
    async with resources.postgres.acquire() as connection:
        sold = {row["id"]: row for row in await queries.sold_tickets(connection, ticket_ids)}
    left = []
    for ticket_id in ticket_ids:
        if (row := sold.get(ticket_id)) is not None:
            if row["cancelled"]:
                raise ApiError(TICKET_NOT_RESERVED)
            if row["user_id"] != user_id:
                raise ApiError(NOT_YOUR_TICKET)
        elif (owner := owners.get(hold_of(ticket_id))) is None:
            raise ApiError(TICKET_NOT_RESERVED)
        elif owner != owner_of(user_id):
            raise ApiError(NOT_YOUR_TICKET)
        else:
            left.append(ticket_id)
    return left
