"""The caller's bookings: open ones of Redis and settled ones of Postgres in one list."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.postgres import Postgres
from service.settings import Settings
from tests.service.bookings.conftest import Customer, NewSession
from tests.service.query_log import logged_queries

FIELDS = {
    "id",
    "session_id",
    "reserved_seats",
    "created_at",
    "closes_at",
    "confirmed_at",
    "cancelled_at",
    "status",
    "movie",
    "place",
}


async def walk(customer: Customer, limit: int, **query: str) -> list[dict[str, Any]]:
    """Every booking, page by page."""
    bookings: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        params = {"limit": str(limit), **query, **cursor}
        page = (await customer.call("GET", "/v1/bookings", params=params)).body
        bookings += page["bookings"]
        if not page["metadata"]["has_more"]:
            return bookings
        assert len(page["bookings"]) == limit
        cursor = {"cursor": page["metadata"]["end_cursor"]}


async def test_lists_open_and_settled_bookings_newest_first(alice: Customer, new_session: NewSession) -> None:
    showing = await new_session()
    confirmed = await alice.reserved(showing.session, 1)
    still_open = await alice.reserved(showing.session, 2)
    cancelled = await alice.reserved(showing.session, 3)
    await alice.confirm(confirmed)
    await alice.cancel(cancelled)

    page = (await alice.call("GET", "/v1/bookings")).body

    assert all(set(booking) == FIELDS for booking in page["bookings"])
    assert [(booking["id"], booking["status"], booking["reserved_seats"]) for booking in page["bookings"]] == [
        (cancelled, "cancelled", 3),
        (still_open, "open", 2),
        (confirmed, "confirmed", 1),
    ]
    assert page["bookings"][1]["movie"] == {"id": showing.movie, "title": "Amélie"}
    assert page["bookings"][1]["place"] == {"id": showing.place, "name": "Lumière"}
    assert page["metadata"] == {"has_more": False, "end_cursor": page["metadata"]["end_cursor"]}


async def test_an_empty_list(alice: Customer) -> None:
    page = (await alice.call("GET", "/v1/bookings")).body
    assert page == {"bookings": [], "metadata": {"has_more": False, "end_cursor": None}}


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_walking_yields_each_booking_once(alice: Customer, new_session: NewSession, limit: int) -> None:
    showing = await new_session()
    expected: list[str] = []
    for number in range(12):
        booking = await alice.reserved(showing.session, 1)
        expected.insert(0, booking)
        if number % 3 == 0:
            await alice.confirm(booking)
        elif number % 3 == 1:
            await alice.cancel(booking)
    assert [booking["id"] for booking in await walk(alice, limit)] == expected


async def test_walking_while_bookings_are_opened_and_settled(alice: Customer, new_session: NewSession) -> None:
    """Every booking that was there from the beginning is seen once, whatever becomes of it."""
    showing = await new_session(capacity=1_000)
    there = {await alice.reserved(showing.session, 1) for _ in range(10)}

    async def churn() -> None:
        for booking in there:
            await alice.confirm(booking)
            await alice.cancel(await alice.book(showing.session))

    task = asyncio.create_task(churn())
    while not task.done():
        seen = [booking["id"] for booking in await walk(alice, 3)]
        assert len(seen) == len(set(seen))
        assert there <= set(seen)
    await task


@pytest.mark.parametrize("status", ["open", "confirmed", "completed", "cancelled", "expired"])
async def test_filters_by_status(alice: Customer, new_session: NewSession, postgres: Postgres, status: str) -> None:
    showing, past = await new_session(), await new_session()
    bookings = {name: await alice.reserved(showing.session, 1) for name in ("open", "confirmed", "cancelled")}
    bookings["completed"] = await alice.reserved(past.session, 1)
    await alice.confirm(bookings["confirmed"])
    await alice.confirm(bookings["completed"])
    await alice.cancel(bookings["cancelled"])
    async with postgres.acquire() as connection:
        await connection.execute(
            "UPDATE sessions SET starts_at = $2 WHERE id = $1", past.session_id, datetime.now(UTC) - timedelta(days=1)
        )

    listed = await walk(alice, 1, status=status)

    expected = [bookings[status]] if status in bookings else []
    assert [booking["id"] for booking in listed] == expected
    assert all(booking["status"] == status for booking in listed)
    for booking in listed:
        assert (await alice.call("GET", f"/v1/bookings/{booking['id']}")).booking == booking


async def test_refuses_cursors_of_others_and_damaged_ones(
    alice: Customer, bob: Customer, new_session: NewSession
) -> None:
    showing = await new_session()
    for _ in range(2):
        await alice.book(showing.session)
    cursor = (await alice.call("GET", "/v1/bookings?limit=1")).body["metadata"]["end_cursor"]
    movies_cursor = (await alice.call("GET", "/v1/movies?limit=1")).body["metadata"]["end_cursor"]
    damaged = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    for customer, text in ((bob, cursor), (alice, damaged), (alice, cursor[:-2]), (alice, movies_cursor), (alice, "!")):
        answer = await customer.call("GET", "/v1/bookings", params={"cursor": text})
        assert (answer.status, answer.code) == (400, "invalid_cursor")


async def test_a_constant_number_of_queries(alice: Customer, new_session: NewSession, postgres: Postgres) -> None:
    showing = await new_session()
    await alice.call("GET", "/v1/bookings")  # the driver asks about types once
    counts = []
    for _ in range(3):
        for _ in range(4):
            booking = await alice.reserved(showing.session, 1)
            await alice.confirm(booking)
            await alice.book(showing.session)
        async with logged_queries(postgres) as statements:
            await alice.call("GET", "/v1/bookings?limit=100")
        counts.append(len(statements))
    assert counts == [3, 3, 3]


class TestExpired:
    """With bookings of half a second."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"hold_seconds": 0.5})

    async def test_an_expired_booking_says_so_and_is_not_listed(self, alice: Customer, new_session: NewSession) -> None:
        booking = await alice.reserved((await new_session()).session, 1)
        await asyncio.sleep(0.52)
        answer = await alice.call("GET", f"/v1/bookings/{booking}")
        assert (answer.status, answer.code) == (410, "booking_expired")
        assert await walk(alice, 20) == []
