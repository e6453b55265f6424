"""Reserving tickets."""

import asyncio
from uuid import UUID, uuid4

import pytest

from holds import keys
from service.resources import Resources
from service.settings import Settings
from tests.service.conftest import Client
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, Event

NO_EVENT = Event(uuid4(), 1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"max_tickets_per_reservation": 4, "max_held_tickets": 6})


async def commands(resources: Resources) -> int:
    """How many commands Redis has been sent so far, this question not counted."""
    info = (await resources.redis.command("INFO", "commandstats")).decode()
    calls = (line.split("calls=")[1].split(",")[0] for line in info.splitlines() if "calls=" in line)
    of_info = [line for line in info.splitlines() if line.startswith("cmdstat_info:")]
    return sum(map(int, calls)) - sum(int(line.split("calls=")[1].split(",")[0]) for line in of_info)


async def test_answers_one_id_for_each_ticket(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event(seats=5)
    answer = await alice.reserve(event, 3)
    assert (answer.status, set(answer.body)) == (200, {"ticket_ids"})
    assert [UUID(ticket_id).version for ticket_id in answer.body["ticket_ids"]] == [7, 7, 7]
    assert len(set(answer.body["ticket_ids"])) == 3
    assert await office.held(event) == 3
    assert await office.sold(event) == (0, 0)


async def test_each_ticket_is_a_hold_of_ten_minutes(alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    event = await office.event()
    [ticket_id] = await alice.reserved(event)
    hold = await resources.engine.get(f"{alice.account.public_id}:tickets", f"tkt_{ticket_id}")
    assert (hold.pool, hold.seats, hold.closes_at - hold.opened_at) == (event.pool, 1, 600_000)


async def test_all_or_none(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    event = await office.event(seats=3)
    assert refused(await alice.reserve(event, 4)) == (400, "TICKET-01")
    assert await office.held(event) == 0
    await alice.reserved(event, 2)
    assert refused(await bob.reserve(event, 2)) == (400, "TICKET-01")
    await bob.reserved(event, 1)
    assert await office.held(event) == 3


@pytest.mark.parametrize("count", [0, -1, -(10**30), None])
async def test_too_few(alice: Buyer, office: BoxOffice, count: object) -> None:
    assert refused(await alice.reserve(await office.event(), count)) == (400, "TICKET-01")


@pytest.mark.parametrize("count", ["2", 1.5, True, [], {}])
async def test_what_is_not_a_number(alice: Buyer, office: BoxOffice, count: object) -> None:
    assert refused(await alice.reserve(await office.event(), count)) == (400, "SYS-01")


async def test_a_count_without_its_field(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    answer = await alice.api("POST", "/ticketing/ticket/reserve/", {"event_id": event.id})
    assert refused(answer) == (400, "TICKET-01")


async def test_too_many_for_one_reservation(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event(seats=3)
    assert refused(await alice.reserve(event, 5)) == (400, "TICKET-04")


async def test_a_million_costs_redis_nothing(alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    event = await office.event()
    await alice.reserved(event)
    before = await commands(resources)
    for count in (1_000_000, 10**30, 0):
        await alice.reserve(event, count)
    assert await commands(resources) == before
    await alice.reserved(event)
    assert await commands(resources) > before


async def test_too_many_held_by_one_user(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    """However many events they are of; bookings of the cinema are counted apart."""
    first, second = await office.event(), await office.event()
    held = [*await alice.reserved(first, 4), *await alice.reserved(second, 1)]
    assert refused(await alice.reserve(second, 2)) == (400, "TICKET-04")
    await alice.reserved(second, 1)
    assert refused(await alice.reserve(first, 1)) == (400, "TICKET-04")
    await bob.reserved(first, 4)
    assert (await alice.book(*held)).status == 200
    await alice.reserved(first, 2)


async def test_the_bound_is_exact_however_many_reserve_at_once(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event(seats=100)
    answers = await asyncio.gather(*(alice.reserve(event, 2) for _ in range(10)))
    assert sorted(answer.status for answer in answers) == [200] * 3 + [400] * 7
    assert await office.held(event) == 6


@pytest.mark.parametrize("event_id", ["", None, "x", 7, "00000000-0000-0000-0000-00000000000g", ["a"]])
async def test_an_event_id_that_is_no_uuid(alice: Buyer, event_id: object) -> None:
    for verb in ("reserve", "cancel"):
        answer = await alice.api("POST", f"/ticketing/ticket/{verb}/", {"event_id": event_id, "count": 1})
        assert refused(answer) == (400, "SYS-03")


async def test_no_such_event(alice: Buyer) -> None:
    assert refused(await alice.reserve(NO_EVENT)) == (400, "EVENT-03")


async def test_an_event_that_is_over(alice: Buyer, office: BoxOffice) -> None:
    assert refused(await alice.reserve(await office.event(starts_in=-60))) == (400, "EVENT-07")


async def test_an_event_that_is_no_more(alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    """This worker still knows its pool, which is closed, and later forgotten."""
    event = await office.event()
    await alice.reserved(event)
    async with resources.postgres.acquire() as connection:
        await connection.execute("DELETE FROM events WHERE id = $1", event.event_id)
        await connection.execute("DELETE FROM inventory WHERE id = $1", event.number)
    await resources.engine.drop(event.pool, 2)
    assert refused(await alice.reserve(event)) == (400, "EVENT-03")
    await resources.redis.command("DEL", keys.pool(event.pool))
    assert refused(await alice.reserve(event)) == (400, "EVENT-03")


async def test_an_idempotency_key_reserves_once(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    first = await alice.reserve(event, 2, Idempotency_Key="a")
    again = await alice.reserve(event, 2, Idempotency_Key="a")
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await office.held(event) == 2


async def test_an_event_of_a_million_seats_has_no_row_for_an_unsold_one(
    alice: Buyer, office: BoxOffice, resources: Resources
) -> None:
    event = await office.event(seats=1_000_000)
    await alice.booked(event, 2)
    await alice.reserved(event, 4)
    async with resources.postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM tickets") == 2
    assert await office.held(event) == 4


async def test_without_a_token(client: Client, office: BoxOffice) -> None:
    event = await office.event()
    for verb, body in {
        "reserve": {"event_id": event.id, "count": 1},
        "book": {"ticket_ids": [event.id]},
        "cancel": {"event_id": event.id, "count": 1},
    }.items():
        async with client.post(f"/ticketing/ticket/{verb}/", json=body) as answer:
            assert (answer.status, (await answer.json())["category_code"]) == (401, "USER-06")


async def test_unknown_fields_and_a_missing_slash_do_not_matter(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    answer = await alice.api("POST", "/ticketing/ticket/reserve", {"event_id": event.id, "count": 1, "seat": "A1"})
    assert answer.status == 200


class TestLapsing:
    """With tickets that are held for less than a second."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"ticket_hold_seconds": 0.3})

    async def test_lapsed_tickets_are_free_again(self, alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
        event = await office.event(seats=2)
        ticket_ids = await alice.reserved(event, 2)
        await asyncio.sleep(0.32)
        await bob.reserved(event, 2)
        assert refused(await alice.book(*ticket_ids)) == (400, "TICKET-02")
