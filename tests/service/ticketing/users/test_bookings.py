"""GET /ticketing/user/bookings/."""

import time

import pytest

from service.postgres import Postgres
from tests.service.api import Api, with_token
from tests.service.conftest import Client
from tests.service.factories import PASSWORD
from tests.service.query_log import logged_queries
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.events.calls import created, delete, update
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer

PATH = "/ticketing/user/bookings/"


async def bookings(buyer: Buyer) -> list[tuple[str, int]]:
    """Event and number of tickets of each row."""
    answer = await buyer.api("GET", PATH)
    assert answer.status == 200, answer.body
    return [(row["event_id"], row["number_of_tickets"]) for row in answer.body]


async def test_none(own: Api) -> None:
    answer = await own("GET", PATH)
    assert (answer.status, answer.body) == (200, [])


async def test_all_that_is_known(boss: Api, alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    assert (await update(boss, event.id, latitude=45.5, longitude=4, unix_time=1924975800)).status == 201
    before = int(time.time())
    await alice.booked(event, 2)
    [row] = (await alice.api("GET", PATH)).body
    assert before <= row.pop("booking_unix_time") <= time.time()
    assert row == {
        "event_id": event.id,
        "event_name": "A concert",
        "event_unix_time": 1924975800,
        "event_address": "Here",
        "event_description": "Music",
        "event_latitude": 45.5,
        "event_longitude": 4.0,
        "number_of_tickets": 2,
    }


async def test_without_a_place_on_the_map(alice: Buyer, office: BoxOffice) -> None:
    await alice.booked(await office.event())
    [row] = (await alice.api("GET", PATH)).body
    assert not {"event_latitude", "event_longitude"} & row.keys()


async def test_a_row_for_each_event_of_each_call(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    """The newest call first."""
    first, second = await office.event(), await office.event()
    await alice.booked(first)
    await alice.booked(first, 2)
    ticket_ids = [*await alice.reserved(first, 3), *await alice.reserved(second, 4)]
    await alice.reserved(first)
    assert (await alice.book(*ticket_ids)).status == 200
    await bob.booked(second)
    rows = await bookings(alice)
    assert sorted(rows[:2]) == sorted([(first.id, 3), (second.id, 4)])
    assert rows[2:] == [(first.id, 2), (first.id, 1)]
    assert await bookings(bob) == [(second.id, 1)]


async def test_cancelled_tickets_are_not_counted(alice: Buyer, office: BoxOffice) -> None:
    event, other = await office.event(), await office.event()
    await alice.booked(event, 2)
    await alice.booked(other)
    await alice.booked(event, 3)
    assert (await alice.cancel(event, 2)).status == 200
    assert await bookings(alice) == [(event.id, 1), (other.id, 1), (event.id, 2)]
    assert (await alice.cancel(event, 2)).status == 200
    assert await bookings(alice) == [(other.id, 1), (event.id, 1)]
    assert (await alice.cancel(event)).status == 200
    assert await bookings(alice) == [(other.id, 1)]


async def test_a_deleted_event_has_none(boss: Api, alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    await alice.booked(event)
    assert (await alice.cancel(event)).status == 200
    assert (await delete(boss, event.id)).status == 200
    assert await bookings(alice) == []


async def test_it_is_one_question_however_many_there_are(alice: Buyer, office: BoxOffice, postgres: Postgres) -> None:
    for _ in range(5):
        await alice.booked(await office.event(), 2)
        async with logged_queries(postgres) as statements:
            await bookings(alice)
        assert len(statements) == 1


async def test_who_may(api: Api, boss: Api) -> None:
    assert refused(await api("GET", PATH)) == (401, "USER-06")
    assert (await boss("GET", PATH)).body == []


@pytest.mark.parametrize("booked", [True, False])
async def test_an_account_with_tickets_is_erased(
    client: Client, boss: Api, alice: Buyer, bob: Buyer, office: BoxOffice, postgres: Postgres, booked: bool
) -> None:
    """What is booked stays booked, without a name; what is reserved lapses."""
    event = await office.event(seats=3)
    if booked:
        await alice.booked(event, 2)
    await alice.reserved(event)
    assert (await alice.api("DELETE", "/v1/me", {"password": PASSWORD})).status == 204
    assert refused(await with_token(client, alice.account.token)("GET", PATH)) == (401, "USER-06")
    assert await office.sold(event) == ((2, 2) if booked else (0, 0))
    assert (await bob.reserve(event, 1)).status == (400 if booked else 200)
    assert (await delete(boss, event.id)).status == (400 if booked else 200)
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT email FROM users WHERE id = $1", alice.account.user_id) is None
    assert await created(boss)
