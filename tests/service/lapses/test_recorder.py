"""Holds that never became bookings, in the history of their customers and in the reports."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from asyncpg import Record

from holds.lapses import Lapses
from service.ids import Entity
from service.inventory import pool_of_session
from service.jobs.resources import JobResources
from service.lapses.recorder import record
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from service.worker import TICKS, opened
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account, Factory, Showing
from tests.service.jobs.running import until


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"hold_seconds": 0.3})


@pytest.fixture
async def jobs(settings: Settings, client: Client) -> AsyncIterator[JobResources]:
    async with opened(settings) as resources:
        yield resources


@pytest.fixture
def caller(client: Client, customer: Account) -> Caller:
    return Caller(client, customer)


async def hold(caller: Caller, showing: Showing, seats: int = 2) -> str:
    """The id of a booking that lapses soon."""
    answer = await caller.call("POST", f"/v1/sessions/{showing.session}/book")
    booking: str = answer.body["booking"]["id"]
    if seats:
        assert (await caller.post(f"/v1/bookings/{booking}/reserve", {"seats": seats})).status == 200
    return booking


async def recorded(jobs: JobResources, count: int) -> list[Record]:
    """The recorded holds by id, once there are so many."""
    rows: list[Record] = []

    async def are_there() -> bool:
        await record(jobs)
        async with jobs.postgres.acquire() as connection:
            rows[:] = await connection.fetch("SELECT * FROM lapsed_holds ORDER BY id")
        return len(rows) >= count

    await until(are_there)
    return rows


async def test_an_expired_booking_is_listed_as_such(
    jobs: JobResources, caller: Caller, customer: Account, factory: Factory, admin: Account, client: Client
) -> None:
    showing = await factory.session()
    first, second = await hold(caller, showing), await hold(caller, showing, 0)
    rows = await recorded(jobs, 2)
    assert [(row["seats"], row["user_id"], row["reason"]) for row in rows] == [
        (2, customer.user_id, "lapsed"),
        (0, customer.user_id, "lapsed"),
    ]
    for row in rows:
        assert 0 < (row["closes_at"] - row["opened_at"]).total_seconds() < 5
    listed = (await caller.get("/v1/bookings")).body["bookings"]
    assert (await caller.get("/v1/bookings", status="expired")).body["bookings"] == listed
    assert [(one["id"], one["status"], one["reserved_seats"]) for one in listed] == [
        (second, "expired", 0),
        (first, "expired", 2),
    ]
    assert (await caller.get(f"/v1/bookings/{first}")).body["booking"] == listed[1]
    pages = [page["bookings"] async for page in caller.pages("/v1/bookings", limit="1")]
    assert [one["id"] for page in pages for one in page] == [second, first]
    report = await Caller(client, admin).get(
        "/v1/admin/reports/holds", to=f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"
    )
    assert report.body["total"] | {"opened": 2, "lapsed": 2} == report.body["total"]


async def test_recording_twice_records_once(
    jobs: JobResources, caller: Caller, factory: Factory, resources: Resources
) -> None:
    """Killed between the row and Redis: made to fail by an insert without ON CONFLICT, which raised ever after."""
    showing = await factory.session()
    await hold(caller, showing)
    await recorded(jobs, 1)
    second = await hold(caller, showing)
    died = Lapses(jobs.redis)

    async def taken() -> bool:
        return len((await died.take(pool_of_session(showing.session_id)))[0]) == 1

    await until(taken)
    await asyncio.gather(record(jobs), record(jobs))
    assert [Entity.BOOKING.public(row["id"]) for row in await recorded(jobs, 2)][1:] == [second]


async def test_holds_of_a_cancelled_session_ended_with_it(
    jobs: JobResources, caller: Caller, factory: Factory, admin: Account, client: Client
) -> None:
    showing = await factory.session()
    await hold(caller, showing)
    answer = await Caller(client, admin).call("POST", f"/v1/admin/sessions/{showing.session}/cancel", json={})
    assert answer.status == 200, answer.body
    [row] = await recorded(jobs, 1)
    assert (row["reason"], row["seats"]) == ("session_gone", 2)


async def test_what_was_sold_has_not_lapsed(
    jobs: JobResources, caller: Caller, customer: Account, factory: Factory, postgres: Postgres
) -> None:
    """A sale of which Redis was not told: the hold lapses there, and its booking is in Postgres."""
    showing = await factory.session()
    sold, lapsed = await hold(caller, showing), await hold(caller, showing)
    async with postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at,
                                  confirmed_at)
            VALUES ($1, $2, $3, 2, 'confirmed', 1200, 'EUR', now(), now(), now())
            """,
            *(Entity.BOOKING.number(sold), showing.session_id, customer.user_id),
        )
    [row] = await recorded(jobs, 1)
    assert Entity.BOOKING.public(row["id"]) == lapsed
    assert [one["status"] for one in (await caller.get("/v1/bookings")).body["bookings"]] == ["expired", "confirmed"]


def test_the_worker_records() -> None:
    assert record in [tick.run for tick in TICKS]
