"""Organisers change events while users reserve and book."""

import asyncio

import pytest

from holds.engine import HoldEngine
from holds.models import Inventory
from service.resources import Resources
from service.sales import Sales
from service.ticketing.events import lowering
from tests.service.api import Api
from tests.service.conftest import Client
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.events.calls import delete, shown, update
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, crowd


async def test_a_seat_count_is_lowered_under_nobody(
    boss: Api, api: Api, client: Client, resources: Resources, office: BoxOffice
) -> None:
    """A crowd reserves while the seat count falls step by step: what was granted always fits.

    With the seats looked at and then written, in place of taken by a hold first, a reservation slips in between: rounds
    end with more tickets held than there are seats.
    """
    buyers = await crowd(client, resources, 30)
    for _ in range(5):
        event = await office.event(seats=40)

        lowered = asyncio.gather(*(update(boss, event.id, seat_count=seats) for seats in (30, 20, 12)))
        reserved = await asyncio.gather(*(buyer.reserve(event) for buyer in buyers))
        assert {answer.status for answer in await lowered} <= {201, 400, 503}
        granted = [answer.status for answer in reserved].count(200)
        assert granted == await office.held(event)
        after = await shown(api, event.id)
        assert granted <= after["seat_count"] in (40, 30, 20, 12)
        assert after["available_seats_count"] == after["seat_count"] - granted


async def test_a_load_that_read_before_the_commit_gives_nothing_away(
    boss: Api, alice: Buyer, office: BoxOffice, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker read the row before it changed, and tells Redis during the change, with a new lease.

    With the register lowered ahead of the commit in place of a hold, what the worker tells is believed, since it was
    read later than the register was written: seats are granted, and the seat count falls to four all the same.
    """
    event = await office.event(seats=10)
    assert await alice.reserved(event, 4)
    before = await resources.engine.availability(event.pool)
    assert before is not None
    stale = Inventory(before.capacity, before.sold, before.sales_end, before.version)
    settle, refusals = Sales.settle, []

    async def meanwhile(self: Sales[lowering.Lowering, None], sale: lowering.Lowering) -> None:
        now = sale.claim.claimed_at
        await resources.engine.load(event.pool, stale, now + 1)
        refusals.append(refused(await alice.reserve(event)))
        await settle(self, sale)
        await resources.engine.load(event.pool, stale, now)
        refusals.append(refused(await alice.reserve(event)))

    monkeypatch.setattr(Sales, "settle", meanwhile)
    assert (await update(boss, event.id, seat_count=4)).status == 201
    assert refusals == [(400, "TICKET-01")] * 2
    assert await office.held(event) == 4


async def test_raised_while_it_is_lowered(
    boss: Api, api: Api, office: BoxOffice, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seats that were taken are too few by then, and others have taken what came: it is tried again, and refused.

    Without a second look under the lock, the seat count falls to ten though 55 seats are reserved.
    """
    event, claim = await office.event(seats=50), HoldEngine.claim
    raised: list[int] = []

    async def raise_first(self: HoldEngine, owner: str, hold_ids: list[str], *, minimum: int = 1) -> object:
        if not raised:
            raised.append((await update(boss, event.id, seat_count=100)).status)
            await self.open(event.pool, "usr_1:tickets", {"tkt_1": 55}, lifetime=60_000, owner_limit=1)
        return await claim(self, owner, hold_ids, minimum=minimum)

    monkeypatch.setattr(HoldEngine, "claim", raise_first)
    assert refused(await update(boss, event.id, seat_count=10)) == (400, "EVENT-05")
    assert raised == [201]
    assert (await shown(api, event.id)).items() >= {"seat_count": 100, "available_seats_count": 45}.items()
    assert (await update(boss, event.id, seat_count=55)).status == 201


async def test_deleted_or_booked_but_not_both(
    boss: Api, client: Client, resources: Resources, office: BoxOffice
) -> None:
    """Of an event's deletion and the booking of a ticket, one wins, and the other is told.

    Without the lock on the pool's row, the deletion sees no ticket while one is booked, and the two wait for each other
    until Postgres ends one of them; of five deletions, several succeed.
    """
    outcomes = set()
    for buyer in await crowd(client, resources, 12):
        event = await office.event()
        [ticket] = await buyer.reserved(event)
        booked, deleted = await asyncio.gather(buyer.book(ticket), delete(boss, event.id))
        outcomes.add((booked.status, deleted.status))
        if booked.status == 200:
            assert refused(deleted) == (400, "EVENT-06")
            assert await office.sold(event) == (1, 1)
        else:
            assert refused(booked) == (400, "TICKET-02")
            assert refused(await buyer.reserve(event)) == (400, "EVENT-03")
    assert outcomes <= {(200, 400), (400, 200)}


async def test_of_two_deletions_one_finds_it(boss: Api, office: BoxOffice) -> None:
    event = await office.event()
    answers = await asyncio.gather(*(delete(boss, event.id) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400, 400]
    assert {refused(answer) for answer in answers if answer.status == 400} == {(400, "EVENT-03")}


async def test_changed_and_deleted(boss: Api, office: BoxOffice) -> None:
    for seats in (5, 20):
        event = await office.event(seats=10)
        changed, deleted = await asyncio.gather(update(boss, event.id, seat_count=seats), delete(boss, event.id))
        assert deleted.status == 200
        assert changed.status == 201 or refused(changed) == (400, "EVENT-03")
