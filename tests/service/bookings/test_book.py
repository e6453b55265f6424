"""Opening a booking."""

from datetime import UTC, datetime, timedelta

import pytest

from service.settings import Settings
from tests.service.bookings.conftest import Customer, NewSession


async def test_opens_a_booking_that_closes_after_the_hold_time(alice: Customer, new_session: NewSession) -> None:
    showing = await new_session()

    answer = await alice.call("POST", f"/v1/sessions/{showing.session}/book")

    assert answer.status == 201
    assert set(answer.booking) == {"id", "session_id", "created_at", "closes_at", "expires_in_ms"}
    assert answer.booking["session_id"] == showing.session
    created_at = datetime.fromisoformat(answer.booking["created_at"])
    assert datetime.fromisoformat(answer.booking["closes_at"]) - created_at == timedelta(seconds=60)
    assert answer.booking["expires_in_ms"] == 60_000
    assert abs(datetime.now(UTC) - created_at) < timedelta(seconds=5)


async def test_accepts_an_empty_object_as_body(alice: Customer, new_session: NewSession) -> None:
    showing = await new_session()
    answer = await alice.call("POST", f"/v1/sessions/{showing.session}/book", json={})
    assert answer.status == 201


@pytest.mark.parametrize("session", ["ses_1", "ses_0", "mov_1", "ses_x", "1", "ses_99999999999999999999"])
async def test_unknown_session(alice: Customer, session: str) -> None:
    answer = await alice.call("POST", f"/v1/sessions/{session}/book")
    assert (answer.status, answer.code) == (404, "session_not_found")


async def test_a_session_that_has_started_opens_nothing(alice: Customer, new_session: NewSession) -> None:
    showing = await new_session(starts_at=datetime.now(UTC) - timedelta(seconds=1))
    answer = await alice.call("POST", f"/v1/sessions/{showing.session}/book")
    assert (answer.status, answer.code) == (409, "session_started")


async def test_a_cancelled_session_opens_nothing(alice: Customer, new_session: NewSession) -> None:
    showing = await new_session(starts_at=datetime.now(UTC) - timedelta(seconds=1), cancelled=True)
    answer = await alice.call("POST", f"/v1/sessions/{showing.session}/book")
    assert (answer.status, answer.code) == (409, "session_cancelled")


async def test_nobody_opens_more_bookings_than_allowed(
    alice: Customer, bob: Customer, new_session: NewSession, settings: Settings
) -> None:
    showing = await new_session()
    bookings = [await alice.book(showing.session) for _ in range(settings.max_open_bookings)]

    refused = await alice.call("POST", f"/v1/sessions/{showing.session}/book")
    assert (refused.status, refused.code) == (409, "too_many_open_bookings")

    await bob.book(showing.session)
    assert (await alice.cancel(bookings[0])).status == 200
    await alice.book(showing.session)
