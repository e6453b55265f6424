"""Confirming and cancelling a booking."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from holds import keys
from service.postgres import Postgres
from service.resources import Resources
from tests.service.bookings.conftest import Customer, NewSession
from tests.service.factories import Showing

CONFIRMED_FIELDS = {"id", "session_id", "reserved_seats", "created_at", "closes_at", "confirmed_at"}


async def sold_seats(postgres: Postgres, showing: Showing) -> tuple[int, int]:
    """What the inventory says was sold, and what the bookings add up to."""
    async with postgres.acquire() as connection:
        sold = await connection.fetchval("SELECT sold FROM inventory WHERE id = $1", showing.session_id)
        booked = await connection.fetchval(
            "SELECT coalesce(sum(seats), 0) FROM bookings WHERE session_id = $1 AND status = 'confirmed'",
            showing.session_id,
        )
    return sold, booked


async def test_confirm_sells_the_seats(alice: Customer, new_session: NewSession, postgres: Postgres) -> None:
    showing = await new_session(capacity=10)
    booking = await alice.reserved(showing.session, 3)

    answer = await alice.confirm(booking)

    assert answer.status == 200
    assert set(answer.booking) == CONFIRMED_FIELDS
    assert answer.booking["reserved_seats"] == 3
    assert answer.booking["confirmed_at"] is not None
    assert await sold_seats(postgres, showing) == (3, 3)
    assert await alice.available(showing.session) == 7


async def test_confirming_leaves_nothing_of_the_hold(
    alice: Customer, new_session: NewSession, resources: Resources
) -> None:
    showing = await new_session()
    booking = await alice.reserved(showing.session, 3)
    await alice.confirm(booking)
    names = (keys.hold(showing.session, booking), keys.reference(booking), keys.owner(alice.account.public_id))
    assert await resources.redis.command("EXISTS", *names) == 0


async def test_confirm_without_seats(alice: Customer, new_session: NewSession) -> None:
    booking = await alice.book((await new_session()).session)
    answer = await alice.confirm(booking)
    assert (answer.status, answer.code) == (409, "no_seats_reserved")
    assert (await alice.reserve(booking, 1)).status == 200


async def test_a_confirmed_booking_does_not_change_and_says_what_it_is(
    alice: Customer, new_session: NewSession
) -> None:
    booking = await alice.reserved((await new_session()).session, 2)
    confirmed = (await alice.confirm(booking)).booking
    for answer in (await alice.reserve(booking, 1), await alice.confirm(booking), await alice.cancel(booking)):
        assert (answer.status, answer.code) == (409, "booking_confirmed")
        assert answer.body["errors"][0]["booking"] == confirmed


async def test_cancel_gives_the_seats_back_at_once(
    alice: Customer, bob: Customer, new_session: NewSession, postgres: Postgres
) -> None:
    showing = await new_session(capacity=3)
    booking = await alice.reserved(showing.session, 3)

    answer = await alice.cancel(booking)

    assert answer.status == 200
    assert set(answer.booking) == CONFIRMED_FIELDS | {"cancelled_at"}
    assert answer.booking["confirmed_at"] is None
    assert answer.booking["cancelled_at"] is not None
    await bob.reserved(showing.session, 3)
    assert await sold_seats(postgres, showing) == (0, 0)


async def test_a_booking_without_seats_can_be_cancelled(alice: Customer, new_session: NewSession) -> None:
    booking = await alice.book((await new_session()).session)
    answer = await alice.cancel(booking)
    assert (answer.status, answer.booking["reserved_seats"]) == (200, 0)


async def test_a_cancelled_booking_does_not_change(alice: Customer, new_session: NewSession) -> None:
    booking = await alice.reserved((await new_session()).session, 2)
    await alice.cancel(booking)
    for answer in (await alice.reserve(booking, 1), await alice.confirm(booking), await alice.cancel(booking)):
        assert (answer.status, answer.code) == (409, "booking_cancelled")


async def test_a_booking_opened_before_the_start_is_confirmed_after_it(
    alice: Customer, new_session: NewSession
) -> None:
    """`sales_end` stops opening and growing, not confirming."""
    showing = await new_session(starts_at=datetime.now(UTC) + timedelta(seconds=2))
    booking = await alice.reserved(showing.session, 2)
    await asyncio.sleep(2.1)
    refused = await alice.reserve(booking, 3)
    assert (refused.status, refused.code) == (409, "session_started")
    assert (await alice.reserve(booking, 1)).status == 200
    assert (await alice.confirm(booking)).status == 200


async def test_of_two_confirms_at_once_one_sells(alice: Customer, new_session: NewSession, postgres: Postgres) -> None:
    showing = await new_session()
    booking = await alice.reserved(showing.session, 2)

    answers = await asyncio.gather(*(alice.confirm(booking) for _ in range(8)))

    assert sorted(answer.status for answer in answers) == [200] + [409] * 7
    for answer in answers:
        if answer.status == 409:
            assert answer.code in ("booking_confirmed", "booking_confirming")
            assert answer.code != "booking_confirming" or answer.headers["Retry-After"] == "1"
    assert (await alice.confirm(booking)).body["errors"][0]["booking"]["reserved_seats"] == 2
    assert await sold_seats(postgres, showing) == (2, 2)


async def test_confirm_and_cancel_at_once_have_one_winner(
    alice: Customer, new_session: NewSession, postgres: Postgres
) -> None:
    showing = await new_session(capacity=1_000)
    for _ in range(20):
        booking = await alice.reserved(showing.session, 1)
        confirmed, cancelled = await asyncio.gather(alice.confirm(booking), alice.cancel(booking))
        assert sorted((confirmed.status, cancelled.status)) == [200, 409]
    sold, booked = await sold_seats(postgres, showing)
    assert sold == booked


async def test_an_idempotency_key_makes_two_confirms_one(
    alice: Customer, new_session: NewSession, postgres: Postgres
) -> None:
    showing = await new_session()
    booking = await alice.reserved(showing.session, 2)
    key = {"Idempotency-Key": "confirm-1"}

    first, second = await asyncio.gather(alice.confirm(booking, headers=key), alice.confirm(booking, headers=key))
    later = await alice.confirm(booking, headers=key)

    statuses = sorted((first.status, second.status))
    assert statuses in ([200, 200], [200, 409])
    if statuses == [200, 409]:
        assert "idempotency_in_progress" in (answer.code for answer in (first, second) if answer.status == 409)
    assert (later.status, later.headers["Idempotency-Replayed"]) == (200, "true")
    assert later.body in (first.body, second.body)
    assert await sold_seats(postgres, showing) == (2, 2)


async def test_seats_that_redis_grants_twice_are_sold_once(
    alice: Customer, bob: Customer, new_session: NewSession, resources: Resources, postgres: Postgres
) -> None:
    """Redis is told of more seats than there are, so that it grants too many: the inventory row has the last word."""
    showing = await new_session(capacity=2)
    mine = await alice.reserved(showing.session, 2)
    await resources.redis.command("HSET", keys.pool(showing.session), "capacity", 4, "free", 2)
    theirs = await bob.reserved(showing.session, 2)

    assert (await alice.confirm(mine)).status == 200
    refused = await bob.confirm(theirs)

    assert (refused.status, refused.code) == (409, "seats_unavailable")
    assert await sold_seats(postgres, showing) == (2, 2)
    booking = (await bob.call("GET", f"/v1/bookings/{theirs}")).booking
    assert (booking["status"], booking["reserved_seats"]) == ("open", 2)
    assert await alice.available(showing.session) == 0


@pytest.mark.parametrize("action", ["confirm", "cancel"])
async def test_unknown_booking(alice: Customer, action: str) -> None:
    for booking in ("bkg_1", "bkg_x", "rsv_1", "bkg_99999999999999999999"):
        answer = await alice.call("POST", f"/v1/bookings/{booking}/{action}")
        assert (answer.status, answer.code) == (404, "booking_not_found")
