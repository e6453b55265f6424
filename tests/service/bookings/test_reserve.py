"""Setting the seats of an open booking."""

import asyncio

import pytest

from service.settings import Settings
from tests.service.bookings.conftest import Customer, NewSession


async def test_answers_the_booking_and_its_reservation(alice: Customer, new_session: NewSession) -> None:
    showing = await new_session()
    opened = (await alice.call("POST", f"/v1/sessions/{showing.session}/book")).booking

    answer = await alice.reserve(opened["id"], 2)

    assert answer.status == 200
    reservation = answer.booking.pop("reservation")
    assert answer.booking == {
        "id": opened["id"],
        "session_id": showing.session,
        "reserved_seats": 2,
        "created_at": opened["created_at"],
        "closes_at": opened["closes_at"],
    }
    assert reservation["id"] == opened["id"].replace("bkg_", "rsv_")
    assert reservation["seats"] == 2
    assert reservation["created_at"] >= opened["created_at"]


async def test_the_reservation_keeps_its_id_and_date(alice: Customer, new_session: NewSession) -> None:
    showing = await new_session()
    booking = await alice.book(showing.session)
    first = (await alice.reserve(booking, 2)).booking["reservation"]
    await asyncio.sleep(0.01)
    second = (await alice.reserve(booking, 5)).booking["reservation"]
    assert second == first | {"seats": 5}


async def test_replaces_the_seats_and_frees_the_difference_at_once(
    alice: Customer, bob: Customer, new_session: NewSession
) -> None:
    showing = await new_session(capacity=10)
    mine, theirs = await alice.reserved(showing.session, 8), await bob.book(showing.session)

    refused = await bob.reserve(theirs, 3)
    assert (refused.status, refused.code) == (409, "seats_unavailable")
    assert (await alice.reserve(mine, 7)).status == 200
    assert (await bob.reserve(theirs, 3)).status == 200
    assert await alice.available(showing.session) == 0


async def test_a_refused_change_leaves_the_booking_as_it_was(
    alice: Customer, bob: Customer, new_session: NewSession
) -> None:
    showing = await new_session(capacity=10)
    mine = await alice.reserved(showing.session, 4)
    await bob.reserved(showing.session, 5)

    refused = await alice.reserve(mine, 6)

    assert (refused.status, refused.code) == (409, "seats_unavailable")
    assert (await alice.call("GET", f"/v1/bookings/{mine}")).booking["reserved_seats"] == 4


@pytest.mark.parametrize("seats", [0, -1, 100_001, 1.5, "2", True, None, [], 10**30])
async def test_refuses_what_is_not_a_number_of_seats(alice: Customer, new_session: NewSession, seats: object) -> None:
    booking = await alice.book((await new_session()).session)
    answer = await alice.call("POST", f"/v1/bookings/{booking}/reserve", json={"seats": seats})
    assert (answer.status, answer.code) == (422, "invalid_seats")
    assert answer.body["errors"][0]["field"] == "seats"


async def test_names_every_fault(alice: Customer, new_session: NewSession) -> None:
    booking = await alice.book((await new_session()).session)
    answer = await alice.call("POST", f"/v1/bookings/{booking}/reserve?x=1", json={"seat": 2})
    assert answer.status == 422
    assert [(error["code"], error["field"]) for error in answer.body["errors"]] == [
        ("missing_seats", "seats"),
        ("unknown_field", "seat"),
        ("unknown_parameter", "x"),
    ]


async def test_somebody_elses_booking_is_not_found(alice: Customer, bob: Customer, new_session: NewSession) -> None:
    booking = await alice.reserved((await new_session()).session, 1)
    for answer in (
        await bob.reserve(booking, 1),
        await bob.confirm(booking),
        await bob.cancel(booking),
        await bob.call("GET", f"/v1/bookings/{booking}"),
    ):
        assert (answer.status, answer.code) == (404, "booking_not_found")


class TestExpiry:
    """With bookings of a second."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"hold_seconds": 1.0})

    async def test_an_expired_booking_is_gone_and_its_seats_are_free(
        self, alice: Customer, bob: Customer, new_session: NewSession
    ) -> None:
        showing = await new_session(capacity=2)
        booking = await alice.reserved(showing.session, 2)
        await asyncio.sleep(1.02)

        await bob.reserved(showing.session, 2)
        for answer in (await alice.reserve(booking, 1), await alice.confirm(booking), await alice.cancel(booking)):
            assert (answer.status, answer.code) == (410, "booking_expired")
        assert (await bob.confirm(booking)).code == "booking_not_found"
        assert (await alice.call("GET", "/v1/bookings")).body["bookings"] == []

    async def test_closes_at_does_not_move(self, alice: Customer, new_session: NewSession) -> None:
        showing = await new_session(capacity=2)
        booking = await alice.reserved(showing.session, 1)
        await asyncio.sleep(0.5)
        assert (await alice.reserve(booking, 2)).status == 200
        await asyncio.sleep(0.52)
        assert (await alice.reserve(booking, 1)).code == "booking_expired"
