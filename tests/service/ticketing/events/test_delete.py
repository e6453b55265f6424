"""DELETE /ticketing/event/."""

from service.postgres import Postgres
from service.resources import Resources
from tests.service.api import Api
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.events.calls import PATH, created, delete, shown
from tests.service.ticketing.events.test_list import UNKNOWN
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer


async def test_it_is_gone(boss: Api, api: Api, postgres: Postgres) -> None:
    event_id, other = await created(boss), await created(boss)
    answer = await delete(boss, event_id)
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, None, "0")
    assert refused(await api("GET", f"{PATH}?id={event_id}")) == (400, "EVENT-03")
    assert refused(await delete(boss, event_id)) == (400, "EVENT-03")
    assert (await shown(api, other))["id"] == other
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM inventory") == 1


async def test_its_reservations_end(boss: Api, alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    """At once: they are neither booked nor counted among the user's, and nothing new is reserved."""
    event, other = await office.event(), await office.event()
    ticket_ids = await alice.reserved(event, 3)
    [kept] = await alice.reserved(other)
    assert (await delete(boss, event.id)).status == 200
    assert refused(await alice.book(*ticket_ids)) == (400, "TICKET-02")
    assert refused(await alice.book(ticket_ids[0], kept)) == (400, "TICKET-02")
    assert refused(await alice.reserve(event)) == (400, "EVENT-03")
    assert [hold.id for hold in await resources.engine.of_owner(f"{alice.account.public_id}:tickets")] == [
        f"tkt_{kept}"
    ]
    assert (await alice.book(kept)).status == 200


async def test_not_while_tickets_are_booked(boss: Api, api: Api, alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    await alice.booked(event, 2)
    [reserved] = await alice.reserved(event)
    assert refused(await delete(boss, event.id)) == (400, "EVENT-06")
    assert (await shown(api, event.id))["available_seats_count"] == 7
    assert (await alice.book(reserved)).status == 200


async def test_with_its_cancelled_tickets(boss: Api, alice: Buyer, office: BoxOffice, postgres: Postgres) -> None:
    event, other = await office.event(), await office.event()
    await alice.booked(other)
    await alice.booked(event, 2)
    assert (await alice.cancel(event, 2)).status == 200
    assert (await delete(boss, event.id)).status == 200
    async with postgres.acquire() as connection:
        for table in ("tickets", "ticket_bookings", "events", "inventory"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 1  # noqa: S608


async def test_whatever_body_comes_is_ignored(boss: Api) -> None:
    answer = await boss("DELETE", f"{PATH}?id={await created(boss)}", {"id": "another", "more": 1})
    assert answer.status == 200


async def test_no_such_event(boss: Api) -> None:
    assert refused(await delete(boss, UNKNOWN)) == (400, "EVENT-03")
    for event_id in ("", "x", "1", "evt_1", UNKNOWN[:-1]):
        assert refused(await delete(boss, event_id)) == (400, "EVENT-02")
    assert refused(await boss("DELETE", PATH)) == (400, "EVENT-02")


async def test_who_may(api: Api, own: Api, office: BoxOffice) -> None:
    event = await office.event()
    assert refused(await delete(api, event.id)) == (401, "USER-06")
    assert refused(await delete(own, event.id)) == (401, "USER-01")
    assert (await shown(api, event.id))["id"] == event.id
