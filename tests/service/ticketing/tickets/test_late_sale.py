"""A hold that lapses between the check of a booking and its sale, while somebody else buys the seat."""

import asyncio
from dataclasses import replace

import pytest

from holds.models import Claim
from service.errors import SERVICE_UNAVAILABLE, ApiError, ErrorKind
from service.resources import Resources
from service.settings import Settings
from service.ticketing.errors import TICKET_NOT_RESERVED
from service.ticketing.tickets import selling
from service.ticketing.tickets.selling import Part, TicketSale
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer

CLAIM_SECONDS = 2.1


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The protocol's times scaled down. Tickets are held as long as they are claimed."""
    scaled = {"sale_seconds": 1, "lease_seconds": 0.1, "claim_seconds": CLAIM_SECONDS}
    return settings.model_copy(update={**scaled, "ticket_hold_seconds": CLAIM_SECONDS})


def unchecked(unsold: object, sale: TicketSale) -> list[tuple[object, ...]]:
    """`_Unsold.take` without its check of what is left, so that the constraint in Postgres is alone."""
    return [
        (ticket_id, part.booking_id, part.pool, sale.user_id) for part in sale.parts for ticket_id in part.ticket_ids
    ]


def with_time_left(claim: Claim) -> Claim:
    """The claim as a worker sees it whose clock stood still meanwhile."""
    return replace(claim, deadline=asyncio.get_running_loop().time() + 1)


async def sell(buyer: Buyer, resources: Resources, claim: Claim) -> ErrorKind | None:
    """The sale; how it is refused."""
    part = Part.of(claim, resources.ids.next())
    try:
        await resources.ticket_sales.settle(TicketSale(buyer.account.user_id, (part,)))
    except ApiError as refusal:
        return refusal.kind
    return None


async def test_who_comes_too_late_is_refused(
    alice: Buyer, bob: Buyer, office: BoxOffice, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each event has one seat. Alice's tickets are found to be hers; before they are sold, Bob buys their seats.

    Her sale is out of time, which a worker may not notice whose clock stood still; then the service finds no seat left,
    and without that check Postgres refuses it. The guard is its constraint: with that removed, the seat is sold twice.
    """
    events = [await office.event(seats=1) for _ in range(4)]
    owner = f"{alice.account.public_id}:tickets"
    claims = [
        await resources.engine.claim(owner, [f"tkt_{ticket_id}"])
        for event in events
        for ticket_id in await alice.reserved(event)
    ]
    await asyncio.sleep(CLAIM_SECONDS + 0.02)
    seats = [(await bob.reserved(event))[0] for event in events]
    while (await bob.book(*seats)).status != 200:  # noqa: ASYNC110
        await asyncio.sleep(0.1)  # the machine may be too slow for such short sales

    assert await sell(alice, resources, claims[0]) is SERVICE_UNAVAILABLE
    assert await sell(alice, resources, with_time_left(claims[1])) is TICKET_NOT_RESERVED
    monkeypatch.setattr(selling._Unsold, "take", unchecked)
    assert await sell(alice, resources, with_time_left(claims[2])) is TICKET_NOT_RESERVED
    async with resources.postgres.acquire() as connection:
        await connection.execute("ALTER TABLE inventory DROP CONSTRAINT inventory_not_oversold")
    assert await sell(alice, resources, with_time_left(claims[3])) is None

    assert [await office.sold(event) for event in events[:3]] == [(1, 1)] * 3
    assert await office.sold(events[3]) == (2, 2), "without its guard, the seat is sold twice"
