"""Booking reserved tickets."""

import asyncio
from uuid import uuid4

import pytest

from holds import keys
from service.resources import Resources
from service.settings import Settings
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, Event


async def test_books_what_was_reserved(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    ticket_ids = await alice.reserved(event, 3)
    answer = await alice.book(*ticket_ids)
    assert (answer.status, answer.body) == (200, None)
    assert (await office.sold(event), await office.held(event)) == ((3, 3), 0)


async def test_some_of_a_reservation(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    first, *others = await alice.reserved(event, 3)
    assert (await alice.book(first)).status == 200
    assert (await office.sold(event), await office.held(event)) == ((1, 1), 2)
    assert (await alice.book(*others)).status == 200
    assert await office.sold(event) == (3, 3)


async def test_one_row_per_call_and_event(alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    first, second = await office.event(), await office.event()
    ticket_ids = [*await alice.reserved(first, 2), *await alice.reserved(second, 1), *await alice.reserved(first, 1)]
    assert (await alice.book(*ticket_ids)).status == 200
    async with resources.postgres.acquire() as connection:
        rows = await connection.fetch(
            """
            SELECT bookings.event_id, bookings.user_id, count(*) AS tickets, count(DISTINCT tickets.booked_at)
            FROM ticket_bookings AS bookings JOIN tickets ON tickets.booking_id = bookings.id
                 AND (tickets.event_id, tickets.user_id, tickets.booked_at)
                     = (bookings.event_id, bookings.user_id, bookings.booked_at)
            GROUP BY bookings.id
            """
        )
    user_id = alice.account.user_id
    assert sorted(map(tuple, rows)) == sorted([(first.event_id, user_id, 3, 1), (second.event_id, user_id, 1, 1)])


async def test_the_holds_are_gone(alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    event = await office.event()
    [ticket_id] = await alice.booked(event)
    hold_id = f"tkt_{ticket_id}"
    owner = f"{alice.account.public_id}:tickets"
    names = (keys.hold(event.pool, hold_id), keys.reference(hold_id), keys.owner(owner))
    assert [await resources.redis.command("EXISTS", name) for name in names] == [0, 0, 0]


async def test_no_ticket_at_all(alice: Buyer) -> None:
    assert refused(await alice.book()) == (400, "TICKET-01")
    assert refused(await alice.api("POST", "/ticketing/ticket/book/", {})) == (400, "TICKET-01")


async def test_an_id_that_is_no_uuid(alice: Buyer, office: BoxOffice) -> None:
    [ticket_id] = await alice.reserved(await office.event())
    assert refused(await alice.book(ticket_id, "x")) == (400, "SYS-03")
    assert (await alice.book(ticket_id, ticket_id, ticket_id.upper())).status == 200


async def test_what_is_not_reserved(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    [ticket_id] = await alice.reserved(event)
    assert refused(await alice.book(str(uuid4()))) == (400, "TICKET-02")
    assert refused(await alice.book(ticket_id, str(uuid4()))) == (400, "TICKET-02")
    assert (await office.sold(event), await office.held(event)) == ((0, 0), 1)


async def test_what_somebody_else_holds(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    [mine], [theirs] = await alice.reserved(event), await bob.reserved(event)
    assert refused(await alice.book(mine, theirs)) == (400, "TICKET-03")
    assert (await bob.book(theirs)).status == 200
    assert refused(await alice.book(theirs)) == (400, "TICKET-03")
    assert refused(await alice.book(mine, theirs)) == (400, "TICKET-03")
    assert (await alice.book(mine)).status == 200
    assert await office.sold(event) == (2, 2)


async def test_the_first_that_cannot_be_booked_says_why(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    [theirs], nothing = await bob.reserved(await office.event()), str(uuid4())
    assert refused(await alice.book(theirs, nothing)) == (400, "TICKET-03")
    assert refused(await alice.book(nothing, theirs)) == (400, "TICKET-02")


async def test_repeating_a_call_that_succeeded(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    ticket_ids = await alice.booked(event, 3)
    assert (await alice.book(*ticket_ids)).status == 200
    assert (await alice.book(*ticket_ids[:1])).status == 200
    assert await office.sold(event) == (3, 3)


async def test_booked_ones_among_the_others_stay_booked(alice: Buyer, office: BoxOffice) -> None:
    """Afterwards all of them are booked, and each was sold once."""
    event, other = await office.event(), await office.event()
    booked, held = await alice.booked(event, 2), [*await alice.reserved(event, 2), *await alice.reserved(other)]
    assert (await alice.book(*booked, *held)).status == 200
    assert (await office.sold(event), await office.sold(other)) == ((4, 4), (1, 1))


async def test_a_cancelled_ticket_is_not_reserved(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    ticket_ids = await alice.booked(event, 2)
    assert (await alice.cancel(event, 2)).status == 200
    for buyer in (alice, bob):
        assert refused(await buyer.book(*ticket_ids)) == (400, "TICKET-02")
    assert await office.sold(event) == (0, 0)


async def test_of_many_at_once_one_sells(alice: Buyer, office: BoxOffice) -> None:
    """The others find the tickets booked, or are told to come again."""
    first, second = await office.event(), await office.event()
    ticket_ids = [*await alice.reserved(first, 2), *await alice.reserved(second, 2)]
    answers = await asyncio.gather(*(alice.book(*ticket_ids) for _ in range(8)))
    for answer in answers:
        if answer.status != 200:
            assert refused(answer) == (503, "DB-03")
            assert answer.headers["Retry-After"] == "1"
    assert 200 in [answer.status for answer in answers]
    assert (await alice.book(*ticket_ids)).status == 200
    assert (await office.sold(first), await office.sold(second)) == ((2, 2), (2, 2))


async def test_a_ticket_that_a_running_call_books(alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    """It is refused until that call has ended, and the other tickets of this one are not kept from anybody."""
    first, second = await office.event(), await office.event()
    [claimed], [free] = await alice.reserved(second), await alice.reserved(first)
    claim = await resources.engine.claim(f"{alice.account.public_id}:tickets", [f"tkt_{claimed}"])
    answer = await alice.book(claimed, free)
    assert (refused(answer), answer.headers["Retry-After"]) == ((503, "DB-03"), "1")
    assert (await alice.book(free)).status == 200
    await resources.engine.unclaim(claim)
    assert (await alice.book(claimed, free)).status == 200
    assert (await office.sold(first), await office.sold(second)) == ((1, 1), (1, 1))


async def test_users_who_book_the_same_events_at_once(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    """They lock inventories in one order: in the order of their tickets, they would wait for each other."""
    events = [await office.event(seats=100) for _ in range(4)]
    calls = []
    for turn in range(10):
        for buyer, order in ((alice, events), (bob, events[::-1])):
            ticket_ids = [ticket_id for event in order for ticket_id in await buyer.reserved(event)]
            calls.append(buyer.book(*(ticket_ids if turn % 2 else ticket_ids[::-1])))
    answers = await asyncio.gather(*calls)
    assert {answer.status for answer in answers} == {200}
    assert {await office.sold(event) for event in events} == {(20, 20)}


async def test_seats_that_redis_grants_twice_are_sold_once(
    alice: Buyer, bob: Buyer, office: BoxOffice, resources: Resources
) -> None:
    """Redis is told of more seats than there are: Postgres has the last word, and the other event stays unsold."""
    event, other = await office.event(seats=2), await office.event()
    mine = await alice.reserved(event, 2)
    await resources.redis.command("HSET", keys.pool(event.pool), "capacity", 4, "free", 2)
    theirs = [*await bob.reserved(event, 2), *await bob.reserved(other, 2)]
    assert (await alice.book(*mine)).status == 200
    assert refused(await bob.book(*theirs)) == (400, "TICKET-02")
    assert (await office.sold(event), await office.sold(other)) == ((2, 2), (0, 0))


async def test_one_refused_sale_does_not_spoil_its_neighbours(
    alice: Buyer, bob: Buyer, office: BoxOffice, resources: Resources
) -> None:
    """They share a transaction."""
    event, full = await office.event(seats=10), await office.event(seats=1)
    mine = await alice.reserved(event)
    await alice.booked(full)
    await resources.redis.command("HSET", keys.pool(full.pool), "capacity", 4, "free", 3)
    theirs = [*await bob.reserved(full), *await bob.reserved(event)]
    refusal, answer = await asyncio.gather(bob.book(*theirs), alice.book(*mine))
    assert (refused(refusal), answer.status) == ((400, "TICKET-02"), 200)
    assert (await office.sold(event), await office.sold(full)) == ((1, 1), (1, 1))


class TestLapsing:
    """With tickets that are held for a second and a half."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"ticket_hold_seconds": 1.5})

    async def test_one_of_three_events_lapsed(self, alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
        """All three are as they were, whichever it was."""
        for lapsing in range(3):
            events = [await office.event(seats=1) for _ in range(3)]
            late = await alice.reserved(events[lapsing])
            await asyncio.sleep(1.3)
            ticket_ids = [(await alice.reserved(event))[0] for event in events if event is not events[lapsing]]
            await asyncio.sleep(0.22)
            ticket_ids.insert(lapsing, *late)
            assert refused(await alice.book(*ticket_ids)) == (400, "TICKET-02")
            assert await self._states(office, events) == [((0, 0), int(i != lapsing)) for i in range(3)]
            live = [ticket_id for ticket_id in ticket_ids if ticket_id not in late]
            assert (await alice.book(*live)).status == 200
            assert (await bob.reserve(events[lapsing])).status == 200

    async def _states(self, office: BoxOffice, events: list[Event]) -> list[tuple[tuple[int, int], int]]:
        return [(await office.sold(event), await office.held(event)) for event in events]
