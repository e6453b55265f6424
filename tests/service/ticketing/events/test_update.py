"""POST /ticketing/event/update/."""

from typing import Any

import pytest

from service.postgres import Postgres
from service.resources import Resources
from tests.service.api import Api
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.events.calls import PATH, created, shown, tomorrow, update
from tests.service.ticketing.events.test_create import WRONG
from tests.service.ticketing.events.test_list import UNKNOWN
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, Event

CHANGES: list[dict[str, Any]] = [
    {"name": "Blues"},
    {"unix_time": 1924975801},
    {"address": "2 quai Second"},
    {"description": "One band."},
    {"latitude": 0, "longitude": -180},
    {"latitude": 90.0},
    {"seat_count": 11},
    {"seat_count": 1},
    {"seat_count": 10},
    {"name": "Blues", "unix_time": 1924975801, "address": "There", "description": "Two.", "seat_count": 4},
]


@pytest.mark.parametrize("fields", CHANGES)
async def test_any_of_the_fields(boss: Api, api: Api, fields: dict[str, Any]) -> None:
    event_id = await created(boss, latitude=1.5)
    before = await shown(api, event_id)
    answer = await update(boss, event_id, **fields)
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (201, None, "0")
    after = before | fields
    assert await shown(api, event_id) == after | {"available_seats_count": after["seat_count"]}


async def test_null_and_what_is_unknown_change_nothing(boss: Api, api: Api) -> None:
    event_id = await created(boss, latitude=1.5, longitude=2.5)
    before = await shown(api, event_id)
    for fields in ({}, dict.fromkeys(before.keys() - {"id"}), {"colour": "red", "available_seats_count": 1}):
        assert (await update(boss, event_id, **fields)).status == 201
        assert await shown(api, event_id) == before


async def test_a_higher_seat_count_can_be_reserved_at_once(boss: Api, alice: Buyer, office: BoxOffice) -> None:
    event = await office.event(seats=2)
    await alice.reserved(event, 2)
    assert refused(await alice.reserve(event)) == (400, "TICKET-01")
    assert (await update(boss, event.id, seat_count=3)).status == 201
    await alice.reserved(event)
    assert refused(await alice.reserve(event)) == (400, "TICKET-01")


async def test_a_lower_one_cannot(boss: Api, alice: Buyer, office: BoxOffice) -> None:
    event = await office.event(seats=5)
    await alice.reserved(event, 2)
    assert (await update(boss, event.id, seat_count=3)).status == 201
    assert refused(await alice.reserve(event, 2)) == (400, "TICKET-01")
    await alice.reserved(event)


async def test_it_does_not_fall_under_what_is_booked_or_reserved(
    boss: Api, api: Api, alice: Buyer, bob: Buyer, office: BoxOffice
) -> None:
    event = await office.event(seats=10)
    await alice.booked(event, 3)
    await bob.reserved(event, 2)
    for seats in (4, 1):
        answer = await update(boss, event.id, seat_count=seats, name="Never")
        assert refused(answer) == (400, "EVENT-05")
        assert answer.body["error"] == "free: 5"
    assert (await shown(api, event.id)).items() >= {"name": "A concert", "available_seats_count": 5}.items()
    assert (await update(boss, event.id, seat_count=5)).status == 201
    assert (await shown(api, event.id)).items() >= {"seat_count": 5, "available_seats_count": 0}.items()


async def test_what_was_taken_for_it_is_gone(boss: Api, alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    """Neither a change nor a refusal leaves a hold, or an owner's entry that would refuse the next change."""
    event = await office.event(seats=10)
    await alice.reserved(event, 2)
    for seats, status in ((8, 201), (1, 400), (5, 201), (1, 400), (2, 201)):
        assert (await update(boss, event.id, seat_count=seats)).status == status
        assert await office.held(event) == 2
    keys = await resources.redis.command("KEYS", "*cut_*")
    assert keys == []
    assert await resources.redis.command("ZCARD", f"owner:{{{event.pool}:seats}}:holds") == 0


async def test_reservations_made_before_can_be_booked_after(boss: Api, alice: Buyer, office: BoxOffice) -> None:
    event = await office.event(seats=10)
    ticket_ids = await alice.reserved(event, 2)
    assert (await update(boss, event.id, seat_count=2, unix_time=tomorrow())).status == 201
    assert (await alice.book(*ticket_ids)).status == 200
    assert await office.sold(event) == (2, 2)


async def test_an_event_that_is_over(boss: Api, api: Api, alice: Buyer, office: BoxOffice) -> None:
    """Nothing is reserved any more, so that nothing needs fewer seats; the rest may be put right."""
    event = await office.event(seats=10, starts_in=-60)
    assert refused(await update(boss, event.id, seat_count=9)) == (400, "EVENT-07")
    assert (await update(boss, event.id, name="It was", seat_count=11)).status == 201
    assert refused(await alice.reserve(event)) == (400, "EVENT-07")
    assert (await update(boss, event.id, unix_time=tomorrow())).status == 201
    await alice.reserved(event)
    assert (await update(boss, event.id, seat_count=9)).status == 201


async def test_an_earlier_start_ends_the_sale(boss: Api, alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    await alice.reserved(event)
    assert (await update(boss, event.id, unix_time=1)).status == 201
    assert refused(await alice.reserve(event)) == (400, "EVENT-07")


async def test_one_of_two_lowerings_at_a_time(boss: Api, office: BoxOffice, resources: Resources) -> None:
    """Of two that each took seats, each would be refused what the other has: the second comes again."""
    event = await office.event(seats=10)
    owner = f"{event.pool}:seats"
    await resources.engine.open(event.pool, owner, {"cut_1": 5}, lifetime=60_000, owner_limit=1)
    answer = await update(boss, event.id, seat_count=4)
    assert refused(answer) == (503, "DB-03")
    assert int(answer.headers["Retry-After"]) >= 1
    await resources.engine.release(owner, ["cut_1"])
    assert (await update(boss, event.id, seat_count=4)).status == 201


@pytest.mark.parametrize("field", WRONG)
async def test_wrong_fields(boss: Api, api: Api, field: str) -> None:
    event_id = await created(boss)
    before = await shown(api, event_id)
    for value in [value for value in WRONG[field] if value not in (None, ...)]:
        assert refused(await update(boss, event_id, **{field: value})) == (400, "EVENT-04"), value
    assert await shown(api, event_id) == before


@pytest.mark.parametrize("seat_count", [0, -1, 1.5, 2**31, "10", True])
async def test_a_wrong_seat_count(boss: Api, seat_count: Any) -> None:
    assert refused(await update(boss, await created(boss), seat_count=seat_count)) == (400, "EVENT-01")


async def test_no_such_event(boss: Api) -> None:
    for fields in ({}, {"seat_count": 1}):
        assert refused(await update(boss, UNKNOWN, **fields)) == (400, "EVENT-03")
    wrong: list[Any] = ["", "x", None, 5, "evt_1", []]
    for event_id in wrong:
        assert refused(await boss("POST", f"{PATH}update/", {"id": event_id})) == (400, "EVENT-02")
    assert refused(await boss("POST", f"{PATH}update/", {"name": "Jazz"})) == (400, "EVENT-02")


async def test_who_may(api: Api, own: Api, office: BoxOffice) -> None:
    event = await office.event()
    assert refused(await update(api, event.id, name="Mine")) == (401, "USER-06")
    assert refused(await update(own, event.id, name="Mine")) == (401, "USER-01")


async def test_the_register_has_the_row(
    boss: Api, alice: Buyer, office: BoxOffice, resources: Resources, postgres: Postgres
) -> None:
    """Version and all, so that nothing late is believed."""
    event: Event = await office.event(seats=10)
    await alice.reserved(event)
    for fields in ({"seat_count": 12}, {"seat_count": 3}, {"unix_time": tomorrow()}, {"name": "Blues"}):
        assert (await update(boss, event.id, **fields)).status == 201
        async with postgres.acquire() as connection:
            row = await connection.fetchrow(
                """
                SELECT capacity, sold, (extract(epoch FROM sales_end) * 1000)::bigint AS sales_end, version
                FROM inventory WHERE id = $1
                """,
                event.number,
            )
        register = await resources.engine.availability(event.pool)
        assert row is not None
        assert register is not None
        assert tuple(row) == (register.capacity, register.sold, register.sales_end, register.version)
