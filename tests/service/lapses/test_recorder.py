"""Holds that never became bookings, in the history of their customers and in the reports."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from asyncpg import Record

from holds import keys
from holds.lapses import Lapses
from service.ids import Entity
from service.inventory import pool_of_session
from service.jobs.deleting import AT_ONCE
from service.jobs.resources import JobResources
from service.lapses.jobs import forget_lapses
from service.lapses.recorder import record
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from service.worker import JOBS, TICKS, opened
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account, Factory, Showing
from tests.service.waiting import until


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


async def recorded(jobs: JobResources, count: int, ids: Sequence[int] | None = None) -> list[Record]:
    """The recorded holds by id, or those of the given ones, once there are so many."""
    rows: list[Record] = []

    async def are_there() -> bool:
        await record(jobs)
        async with jobs.postgres.acquire() as connection:
            rows[:] = await connection.fetch(
                "SELECT * FROM lapsed_holds WHERE $1::bigint[] IS NULL OR id = ANY($1) ORDER BY id", ids
            )
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


class TestLongHolds:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"hold_seconds": 60})

    async def test_holds_of_a_cancelled_session_ended_with_it(
        self, jobs: JobResources, caller: Caller, factory: Factory, admin: Account, client: Client
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


async def test_a_pool_whose_holds_go_on_lapsing_keeps_no_other_waiting(
    jobs: JobResources, caller: Caller, factory: Factory, customer: Account, resources: Resources
) -> None:
    """Made to fail by asking a pool as long as it has more: the recorder never ended."""
    hot, quiet = await factory.session(), [await factory.session() for _ in range(3)]
    lapsed = [await hold(caller, showing) for showing in quiet]
    ended = asyncio.Event()

    async def keep_lapsing() -> None:
        while not ended.is_set():
            note = f"{Entity.BOOKING.public(resources.ids.next())} 1 {int(datetime.now(UTC).timestamp() * 1_000)}"
            owned = f"{note} {customer.public_id}"
            await resources.redis.command("RPUSH", keys.lapsed(hot.session), owned)

    lapsing = asyncio.create_task(keep_lapsing())
    try:
        async with asyncio.timeout(30):
            rows = await recorded(jobs, 3, ids=[Entity.BOOKING.number(one) or 0 for one in lapsed])
        assert {row["session_id"] for row in rows} == {showing.session_id for showing in quiet}
    finally:
        ended.set()
        await lapsing


async def test_old_ones_are_forgotten_and_counted_still(
    jobs: JobResources, caller: Caller, factory: Factory, postgres: Postgres, customer: Account
) -> None:
    """However often it runs, and more than are deleted at a time."""
    showing = await factory.session()
    old, young = AT_ONCE + 1, 3
    async with postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO lapsed_holds (id, session_id, user_id, seats, opened_at, closes_at, reason)
            SELECT n, $1, $2, 1, now() - age, now() - age, 'lapsed' FROM generate_series(1, $3::int + $4::int) AS n
            CROSS JOIN LATERAL (SELECT make_interval(days => CASE WHEN n > $3 THEN 394 ELSE 396 END) AS age) AS ages
            """,
            *(showing.session_id, customer.user_id, old, young),
        )
        for _ in range(2):
            await forget_lapses(jobs, {})
            left = await connection.fetch("SELECT id FROM lapsed_holds ORDER BY id")
            assert [row["id"] for row in left] == [old + 1, old + 2, old + 3]
        assert await connection.fetchval("SELECT lapsed FROM session_lapses") == old + young


def test_the_worker_records_and_forgets() -> None:
    assert record in [tick.run for tick in TICKS]
    assert forget_lapses in [job.run for job in JOBS]
