"""Joining the line, looking at it and leaving it."""

import asyncio
from uuid import UUID, uuid4

import pytest

from service.resources import Resources
from service.settings import Settings
from tests.service.conftest import Client
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, Event, crowd
from tests.service.ticketing.waitlist.conftest import add, entries, remove, waits

NO_EVENT = Event(uuid4(), 1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"max_tickets_per_reservation": 8})


async def test_what_one_sees(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    event, other = await office.event(), await office.event()
    answer = await add(bob, event, 3)
    assert (answer.status, answer.body) == (200, None)
    await waits(alice, event, 2)
    await waits(alice, other)
    newest, oldest = await entries(alice)
    joined = oldest.pop("joined_unix_time")
    assert isinstance(joined, int)
    assert oldest == {
        "event_id": event.id,
        "event_name": "A concert",
        "count": 2,
        "status": "waiting",
        "position": 2,
        "ticket_ids": [],
        "offer_ends_unix_time": None,
    }
    assert (newest["event_id"], newest["position"]) == (other.id, 1)
    assert await entries(bob) != await entries(alice)


async def test_tickets_are_minted_at_joining(alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    event = await office.event()
    await waits(alice, event, 3)
    async with resources.postgres.acquire() as connection:
        ticket_ids = await connection.fetchval("SELECT ticket_ids FROM waitlist_entries")
    assert [ticket_id.version for ticket_id in ticket_ids] == [7, 7, 7]
    assert len(set(ticket_ids)) == 3


async def test_nobody_waits_twice_for_one_event(alice: Buyer, office: BoxOffice) -> None:
    event, other = await office.event(), await office.event()
    answers = await asyncio.gather(*(add(alice, event) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [400] * 7
    assert refused(await add(alice, event, 2)) == (400, "WAITLIST-01")
    await waits(alice, other)
    assert (await remove(alice, event)).status == 200
    await waits(alice, event)


@pytest.mark.parametrize("count", [0, -1, 6, 9, 1_000_000, 10**30, None])
async def test_counts_that_are_not_possible(alice: Buyer, office: BoxOffice, count: object) -> None:
    """More than the event has, or than a reservation may have."""
    event = await office.event(seats=5)
    assert refused(await add(alice, event, count)) == (400, "WAITLIST-02")
    await waits(alice, event, 5)


@pytest.mark.parametrize("count", ["2", 1.5, True, []])
async def test_what_is_not_a_number(alice: Buyer, office: BoxOffice, count: object) -> None:
    assert refused(await add(alice, await office.event(), count)) == (400, "SYS-01")


@pytest.mark.parametrize("event_id", ["", None, "x", 7])
async def test_an_event_id_that_is_no_uuid(alice: Buyer, event_id: object) -> None:
    for path in ("add", "remove"):
        answer = await alice.api("POST", f"/ticketing/waitlist/{path}/", {"event_id": event_id, "count": 1})
        assert refused(answer) == (400, "SYS-03")


async def test_no_such_event(alice: Buyer) -> None:
    assert refused(await add(alice, NO_EVENT)) == (400, "EVENT-03")
    assert refused(await remove(alice, NO_EVENT)) == (400, "EVENT-03")


async def test_an_event_that_is_over(alice: Buyer, office: BoxOffice) -> None:
    assert refused(await add(alice, await office.event(starts_in=-60))) == (400, "EVENT-07")


async def test_an_event_that_is_no_more(alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    """This worker still knows its pool. The entries go with the event."""
    event = await office.event()
    await waits(alice, event)
    async with resources.postgres.acquire() as connection:
        await connection.execute("DELETE FROM events WHERE id = $1", event.event_id)
        await connection.execute("DELETE FROM inventory WHERE id = $1", event.number)
    assert refused(await add(alice, event)) == (400, "EVENT-03")
    assert refused(await remove(alice, event)) == (400, "EVENT-03")
    assert await entries(alice) == []


async def test_who_leaves_is_not_in_the_line(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    await waits(alice, event)
    await waits(bob, event)
    for _ in range(2):
        assert (await remove(alice, event)).status == 200
    assert await entries(alice) == []
    assert [entry["position"] for entry in await entries(bob)] == [1]


async def test_positions_are_handed_out_in_the_order_of_joining(
    client: Client, resources: Resources, office: BoxOffice
) -> None:
    """However many join at once: each change of the line has a version of its own, and the places have no gap."""
    event = await office.event()
    buyers = await crowd(client, resources, 30)
    await asyncio.gather(*(waits(buyer, event) for buyer in buyers))
    places = [(await entries(buyer))[0]["position"] for buyer in buyers]
    assert sorted(places) == list(range(1, 31))
    async with resources.postgres.acquire() as connection:
        version = await connection.fetchval("SELECT line_version FROM inventory WHERE id = $1", event.number)
        rows = await connection.fetch("SELECT id FROM waitlist_entries ORDER BY position")
    assert (version, len({UUID(str(row["id"])) for row in rows})) == (30, 30)


async def test_without_a_token(client: Client, office: BoxOffice) -> None:
    body = {"event_id": (await office.event()).id, "count": 1}
    for method, path in (("POST", "add/"), ("POST", "remove/"), ("GET", "")):
        async with client.request(method, f"/ticketing/waitlist/{path}", json=body) as answer:
            assert (answer.status, (await answer.json())["category_code"]) == (401, "USER-06")
