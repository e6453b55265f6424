"""POST /ticketing/event/."""

from typing import Any
from uuid import UUID

import pytest

from service.postgres import Postgres
from tests.service.api import Api
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.events.calls import NEW, PATH, create, created, shown, tomorrow


async def test_it_is_where_the_answer_says(boss: Api, api: Api) -> None:
    answer = await create(boss, unix_time=1924975800, latitude=45.764, longitude=-4, seat_count=500)
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (201, None, "0")
    event_id = answer.headers["Location"].removeprefix("/ticketing/event/?id=")
    assert (UUID(event_id).version, UUID(event_id).variant) == (7, "specified in RFC 4122")
    got = await api("GET", answer.headers["Location"])
    assert got.body == {
        "next_time_to_fetch": 0,
        "events": [
            {
                "id": event_id,
                "name": "Jazz by the river",
                "unix_time": 1924975800,
                "address": "1 quai Premier, Lyon",
                "description": "Three bands, one night.",
                "seat_count": 500,
                "available_seats_count": 500,
                "latitude": 45.764,
                "longitude": -4.0,
            }
        ],
    }


async def test_without_a_place_on_the_map(boss: Api, api: Api) -> None:
    for fields in ({}, {"latitude": None, "longitude": None}):
        assert not {"latitude", "longitude"} & set(await shown(api, await created(boss, **fields)))


async def test_whatever_else_is_sent_is_ignored(boss: Api, api: Api) -> None:
    event_id = await created(boss, id="mine", colour="red", available_seats_count=3, unix_time=float(tomorrow()))
    assert (await shown(api, event_id))["available_seats_count"] == 10


async def test_it_has_no_row_for_a_ticket(boss: Api, postgres: Postgres) -> None:
    await created(boss, seat_count=2**31 - 1)
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM tickets") == 0
        [row] = await connection.fetch(
            "SELECT capacity, sold, sales_end = starts_at FROM inventory JOIN events ON pool = inventory.id"
        )
    assert tuple(row) == (2**31 - 1, 0, True)


async def test_it_may_be_over(boss: Api, api: Api) -> None:
    assert (await shown(api, await created(boss, unix_time=1)))["unix_time"] == 1


@pytest.mark.parametrize("seat_count", [0, -1, 1.5, 2**31, 10**30, "10", True, [], {}])
async def test_a_wrong_seat_count(boss: Api, seat_count: Any) -> None:
    assert refused(await create(boss, seat_count=seat_count)) == (400, "EVENT-01")


WRONG: dict[str, list[Any]] = {
    "name": ["", None, ..., 5, "x" * 501, "a\0b"],
    "unix_time": ["", None, ..., 0, -1, 1.5, 253_402_300_800, "1924975800", True],
    "address": ["", None, ..., 5, "x" * 1_001, "a\0b"],
    "description": ["", None, ..., 5, "x" * 20_001, "a\0b"],
    "latitude": ["", -90.1, 90.1, "45", True, 1e300],
    "longitude": ["", -180.1, 180.1, "4", True, 1e300],
    "seat_count": ["", None, ...],
}


@pytest.mark.parametrize("field", WRONG)
async def test_anything_empty_or_wrong(boss: Api, postgres: Postgres, field: str) -> None:
    for value in WRONG[field]:
        answer = await create(boss, **{field: value})
        assert refused(answer) == (400, "EVENT-04"), value
        assert answer.body["error"].startswith(f"{field}: ")
    async with postgres.acquire() as connection:
        assert not await connection.fetchval("SELECT EXISTS (SELECT FROM inventory)")


async def test_every_fault_is_told(boss: Api) -> None:
    answer = await boss("POST", PATH, {"name": "", "seat_count": 0})
    assert answer.status == 400
    assert [line.partition(":")[0] for line in answer.body["error"].split("\n")] == [
        "name",
        "unix_time",
        "address",
        "description",
        "seat_count",
    ]


@pytest.mark.parametrize("body", [None, [], "text", 5])
async def test_no_object(boss: Api, body: Any) -> None:
    answer = await boss("POST", PATH, body)
    assert refused(answer) == (400, "SYS-01")


async def test_who_may(api: Api, own: Api, boss: Api) -> None:
    assert refused(await api("POST", PATH, NEW)) == (401, "USER-06")
    assert refused(await own("POST", PATH, NEW)) == (401, "USER-01")
    assert refused(await own("POST", PATH, {})) == (401, "USER-01")
