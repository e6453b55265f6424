"""GET /ticketing/event/."""

from typing import Any

import pytest

from service.postgres import Postgres
from service.resources import Resources
from tests.service.api import Api
from tests.service.query_log import logged_queries
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.events.calls import PATH, created, shown, tomorrow
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, Event

UNKNOWN = "01978f5e-7c4a-7d1b-9a3e-5f2c8b7d6e10"


async def page(api: Api, query: str = "") -> tuple[list[str], int]:
    """The names of a page's events, and where the list goes on."""
    answer = await api("GET", f"{PATH}?{query}")
    assert answer.status == 200, answer.body
    return [event["name"] for event in answer.body["events"]], answer.body["next_time_to_fetch"]


async def test_none(api: Api) -> None:
    answer = await api("GET", PATH)
    assert (answer.status, answer.body) == (200, {"next_time_to_fetch": 0, "events": []})


async def test_by_start_ten_at_a_time(boss: Api, api: Api) -> None:
    for second in (12, 3, 7, 1, 9, 11, 2, 8, 5, 10, 4, 6):
        await created(boss, name=str(second), unix_time=second)
    assert await page(api) == ([str(n) for n in range(1, 11)], 10)
    assert await page(api, "timestamp=10") == (["11", "12"], 0)
    assert await page(api, "limit=2&timestamp=3") == (["4", "5"], 5)
    assert await page(api, "limit=100") == ([str(n) for n in range(1, 13)], 0)
    assert await page(api, "timestamp=12") == ([], 0)


async def test_every_limit_walks_every_event_once(boss: Api, api: Api) -> None:
    """Those of one second are not separated, wherever a page would end among them."""
    seconds = [1, 2, 2, 2, 3, 4, 4, 5, 5, 5, 5]
    names = [f"{second}.{number}" for number, second in enumerate(seconds)]
    for name, second in zip(names, seconds, strict=True):
        await created(boss, name=name, unix_time=second)
    for limit in range(1, 13):
        walked: list[str] = []
        timestamp = 0
        while True:
            found, timestamp = await page(api, f"limit={limit}&timestamp={timestamp}")
            assert len(found) >= min(limit, len(names) - len(walked))
            walked += found
            if timestamp == 0:
                break
            assert seconds[len(walked) - 1] == timestamp < seconds[len(walked)]
        assert sorted(walked) == sorted(names)
        assert [name[0] for name in walked] == [str(second) for second in seconds]


async def test_what_is_booked_or_reserved_is_not_available(
    boss: Api, api: Api, alice: Buyer, bob: Buyer, office: BoxOffice
) -> None:
    event = await office.event(seats=10)
    other = await office.event(seats=5)
    await alice.booked(event, 2)
    await bob.reserved(event, 3)
    counts = {e["id"]: e["available_seats_count"] for e in (await api("GET", PATH)).body["events"]}
    assert counts == {event.id: 5, other.id: 5}
    assert (await shown(api, event.id))["available_seats_count"] == 5
    assert (await alice.cancel(event)).status == 200
    assert (await shown(api, event.id))["available_seats_count"] == 6


async def test_reservations_that_lapse_are_available_again(api: Api, office: BoxOffice, resources: Resources) -> None:
    event = await office.event(seats=2)
    await resources.engine.open(event.pool, "usr_1:tickets", {"tkt_1": 2}, lifetime=1, owner_limit=9)
    assert (await shown(api, event.id))["available_seats_count"] == 2


async def test_what_is_overdrawn_has_none(api: Api, office: BoxOffice, alice: Buyer, postgres: Postgres) -> None:
    event = await office.event(seats=3)
    await alice.reserved(event, 3)
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE inventory SET capacity = 2 WHERE id = $1", event.number)
    assert (await shown(api, event.id))["available_seats_count"] == 0


async def test_one(boss: Api, api: Api) -> None:
    ids = [await created(boss, name=name) for name in ("one", "two")]
    assert [(await shown(api, event_id))["name"] for event_id in ids] == ["one", "two"]
    answer = await api("GET", f"{PATH}?id={ids[0].upper()}&limit=1&timestamp={tomorrow()}")
    assert [event["id"] for event in answer.body["events"]] == [ids[0]]
    assert refused(await api("GET", f"{PATH}?id={UNKNOWN}")) == (400, "EVENT-03")


@pytest.mark.parametrize("event_id", ["", "1", "x", "evt_1", f"{UNKNOWN}0", UNKNOWN[:-1], "%00"])
async def test_no_uuid(api: Api, event_id: str) -> None:
    assert refused(await api("GET", f"{PATH}?id={event_id}")) == (400, "EVENT-02")
    assert refused(await api("GET", f"{PATH}?id={event_id}&limit=0")) == (400, "EVENT-02")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=", "timestamp=-1", "timestamp=x", "limit=1&limit=1"]
)
async def test_wrong_queries(api: Api, query: str) -> None:
    answer = await api("GET", f"{PATH}?{query}")
    assert refused(answer) == (400, "SYS-01")
    assert answer.body["error"].startswith(f"{query.partition('=')[0]}: ")


async def test_what_is_deleted_while_it_is_listed_is_left_out(
    api: Api, boss: Api, office: BoxOffice, resources: Resources, postgres: Postgres
) -> None:
    """Between the page and its counts: with a count made up for it, an event that is gone would be shown."""
    events = [await office.event() for _ in range(2)]
    held = resources.engine.held

    async def delete_meanwhile(pools: Any) -> list[int]:
        async with postgres.acquire() as connection:
            await connection.execute("DELETE FROM events WHERE id = $1", events[0].event_id)
            await connection.execute("DELETE FROM inventory WHERE id = $1", events[0].number)
        return await held(pools)

    resources.engine.held = delete_meanwhile  # type: ignore[method-assign]
    answer = await api("GET", PATH)
    assert [event["id"] for event in answer.body["events"]] == [events[1].id]


@pytest.mark.parametrize("events", [1, 30])
async def test_how_much_is_asked_does_not_grow(
    api: Api, office: BoxOffice, resources: Resources, postgres: Postgres, events: int
) -> None:
    """Two statements; and one round trip to Redis, as all scripts are sent before a reply is waited for."""
    made: list[Event] = [await office.event() for _ in range(events)]
    for event in made:
        await resources.engine.open(
            event.pool, "usr_1:tickets", {f"tkt_{event.id}": 1}, lifetime=60_000, owner_limit=99
        )
    for path in (f"{PATH}?limit=100", f"{PATH}?id={made[0].id}"):
        assert (await api("GET", path)).status == 200  # once a connection knows the types of the arguments
        async with logged_queries(postgres) as statements:
            assert (await api("GET", path)).status == 200
        assert len(statements) == 2
