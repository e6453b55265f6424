"""Reserving the very seats of a session with a seat plan."""

import asyncio
from typing import Any

import pytest

from service.inventory import load_inventory
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.service.bookings.conftest import Customer, NewSession
from tests.service.halls import Halls
from tests.service.seat_plans.drawing import drawn
from tests.service.seats.conftest import best, bought, choose, chosen, drawing, labels_of, states

HALL = ("....", ".  .", "lpw.")


async def test_the_seats_are_named_with_what_they_cost(alice: Customer, halls: Halls) -> None:
    plan = drawn(*HALL, supplements={"love": 500, "premium": 300})
    showing = await halls.showing(plan=plan, price=1_000)
    booking = await alice.book(showing.session)

    answer = await choose(alice, booking, "C2", "A4", "C1")

    assert answer.status == 200
    assert answer.booking["reserved_seats"] == answer.booking["reservation"]["seats"] == 3
    assert answer.booking["seats"] == [
        {"label": "A4", "kind": "standard", "price": 1_000},
        {"label": "C1", "kind": "love", "price": 1_500},
        {"label": "C2", "kind": "premium", "price": 1_300},
    ]
    assert answer.booking["total"] == 3_800
    shown = (await alice.call("GET", f"/v1/bookings/{booking}")).booking
    assert (shown["seats"], shown["total"]) == (answer.booking["seats"], 3_800)
    [listed] = (await alice.call("GET", "/v1/bookings")).body["bookings"]
    assert listed == shown
    assert await drawing(alice, showing.session) == ["fffy", "f  f", "yyff"]
    assert await alice.available(showing.session) == 7


async def test_one_that_is_taken_refuses_all_and_nothing_changes(alice: Customer, bob: Customer, halls: Halls) -> None:
    showing = await halls.showing(*HALL)
    await bought(bob, showing.session, "A1")
    await chosen(bob, showing.session, "A2")
    mine = await chosen(alice, showing.session, "B1")

    answer = await choose(alice, mine, "A1", "A2", "A3")

    assert (answer.status, answer.code) == (409, "seats_unavailable")
    assert sorted(answer.body["errors"][0]["taken"]) == ["A1", "A2"]
    assert labels_of((await alice.call("GET", f"/v1/bookings/{mine}")).booking) == ["B1"]
    assert await drawing(alice, showing.session) == ["shff", "y  f", "ffff"]


async def test_a_repeated_choice_has_the_same_end(alice: Customer, halls: Halls) -> None:
    showing = await halls.showing(*HALL)
    booking = await alice.book(showing.session)
    first = await choose(alice, booking, "A1", "A2")
    again = await choose(alice, booking, "A2", "A1")
    counted = await best(alice, booking, 2)
    assert first.booking == again.booking == counted.booking
    assert await alice.available(showing.session) == 8


async def test_an_idempotency_key_repeats_the_first_answer(alice: Customer, halls: Halls) -> None:
    booking = await alice.book((await halls.showing(*HALL)).session)
    request: dict[str, Any] = {"headers": {"Idempotency-Key": "seats"}, "json": {"seat_labels": ["A1"]}}
    first = await alice.call("POST", f"/v1/bookings/{booking}/reserve", **request)
    await choose(alice, booking, "B1")
    again = await alice.call("POST", f"/v1/bookings/{booking}/reserve", **request)
    assert (again.headers["Idempotency-Replayed"], again.body) == ("true", first.body)


async def test_a_choice_shrinks_grows_and_moves(alice: Customer, bob: Customer, halls: Halls) -> None:
    """What is left is free for others at once; seats that stay do not come free in between."""
    showing = await halls.showing(*HALL)
    booking = await chosen(alice, showing.session, "A1", "A2", "A3")
    for labels, expected in (
        (["A2"], ["fyff", "f  f", "ffff"]),
        (["A2", "A3", "A4", "B2"], ["fyyy", "f  y", "ffff"]),
        (["C1", "C2"], ["ffff", "f  f", "yyff"]),
        (["C2", "C3"], ["ffff", "f  f", "fyyf"]),
    ):
        answer = await choose(alice, booking, *labels)
        assert (answer.status, labels_of(answer.booking)) == (200, labels)
        assert await drawing(alice, showing.session) == expected
        assert await bob.available(showing.session) == 10 - len(labels)
    await chosen(bob, showing.session, "A1", "A2", "A3", "A4", "C1")


async def test_closes_at_and_the_reservation_stay(alice: Customer, halls: Halls) -> None:
    booking = await alice.book((await halls.showing(*HALL)).session)
    first = (await choose(alice, booking, "A1")).booking
    second = (await choose(alice, booking, "A2", "A3")).booking
    assert second["closes_at"] == first["closes_at"]
    assert second["reservation"] == first["reservation"] | {"seats": 2}


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, [("missing_seats", "seats")]),
        ({"seats": 2, "seat_labels": ["A1"]}, [("invalid_seats", "seats")]),
        ({"seat_labels": []}, [("invalid_seat_labels", "seat_labels")]),
        ({"seat_labels": None}, [("invalid_seat_labels", "seat_labels")]),
        ({"seat_labels": "A1"}, [("invalid_seat_labels", "seat_labels")]),
        ({"seat_labels": ["A1", 7]}, [("invalid_seat_labels", "seat_labels.1")]),
        ({"seat_labels": ["a1"]}, [("invalid_seat_labels", "seat_labels.0")]),
        ({"seat_labels": ["A0", "A1"]}, [("invalid_seat_labels", "seat_labels.0")]),
        ({"seat_labels": ["A1", "A1"]}, [("invalid_seat_labels", "seat_labels")]),
        ({"seat_labels": [f"A{n}" for n in range(1, 102)]}, [("invalid_seat_labels", "seat_labels")]),
        ({"seats": 2, "seat_labels": ["a1"]}, [("invalid_seat_labels", "seat_labels.0")]),
        ({"seat_labels": ["A1"], "wheelchair": 0}, [("invalid_wheelchair", "wheelchair")]),
        ({"seats": 2, "wheelchair": 3}, [("invalid_wheelchair", "wheelchair")]),
        ({"seats": 2, "wheelchair": -1}, [("invalid_wheelchair", "wheelchair")]),
        ({"seats": 0, "wheelchair": 1}, [("invalid_seats", "seats")]),
        ({"wheelchair": 1}, [("missing_seats", "seats")]),
        ({"seat_labels": ["a1"], "x": 1}, [("invalid_seat_labels", "seat_labels.0"), ("unknown_field", "x")]),
    ],
)
async def test_faults_of_a_choice(
    alice: Customer, new_session: NewSession, body: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    booking = await alice.book((await new_session()).session)
    answer = await alice.call("POST", f"/v1/bookings/{booking}/reserve", json=body)
    assert answer.status == 422
    assert [(error["code"], error["field"]) for error in answer.body["errors"]] == faults


async def test_every_seat_that_there_is_not_is_named(alice: Customer, halls: Halls) -> None:
    showing = await halls.showing(*HALL)
    booking = await chosen(alice, showing.session, "A1")
    answer = await choose(alice, booking, "A2", "A9", "B2", "Z1")
    assert answer.status == 422
    assert [(error["code"], error["field"]) for error in answer.body["errors"]] == [
        ("invalid_seat_labels", "seat_labels.1"),
        ("invalid_seat_labels", "seat_labels.3"),
    ]
    assert await drawing(alice, showing.session) == ["yfff", "f  f", "ffff"]


async def test_seats_that_are_counted_have_no_labels(alice: Customer, new_session: NewSession) -> None:
    showing = await new_session(capacity=2)
    booking = await alice.reserved(showing.session, 1)
    for answer in (await choose(alice, booking, "A1"), await best(alice, booking, 2, wheelchair=1)):
        assert (answer.status, answer.code) == (404, "seat_plan_not_found")
    answer = await best(alice, booking, 2, wheelchair=0)
    assert answer.status == 200
    assert not {"seats", "total"} & answer.booking.keys()


async def test_what_is_wrong_with_the_booking_comes_first(alice: Customer, bob: Customer, halls: Halls) -> None:
    showing = await halls.showing(*HALL)
    theirs = await bob.book(showing.session)
    for booking in ("bkg_1", "bkg_x", theirs):
        answer = await choose(alice, booking, "A1")
        assert (answer.status, answer.code) == (404, "booking_not_found")
    sold = await bought(alice, showing.session, "A1")
    refused = await choose(alice, sold, "A2")
    assert (refused.status, refused.code) == (409, "booking_confirmed")
    assert labels_of(refused.body["errors"][0]["booking"]) == ["A1"]
    given_up = await chosen(alice, showing.session, "A2")
    assert (await alice.cancel(given_up)).status == 200
    refused = await choose(alice, given_up, "A3")
    assert (refused.status, refused.code) == (409, "booking_cancelled")
    assert await drawing(alice, showing.session) == ["sfff", "f  f", "ffff"]


async def test_nothing_grows_once_the_session_has_started(
    alice: Customer, halls: Halls, resources: Resources, postgres: Postgres
) -> None:
    showing = await halls.showing(*HALL)
    booking = await chosen(alice, showing.session, "A1", "A2")
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE inventory SET sales_end = now() - interval '1 second'")
    started = await load_inventory(postgres, showing.session)
    assert started
    await resources.engine.write(showing.session, started)
    refused = await choose(alice, booking, "A1", "A2", "A3")
    assert (refused.status, refused.code) == (409, "session_started")
    assert labels_of((await choose(alice, booking, "A2")).booking) == ["A2"]


class TestExpiry:
    """With bookings of a second."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"hold_seconds": 1.0})

    async def test_the_seats_of_a_booking_that_lapsed_are_free(
        self, alice: Customer, bob: Customer, halls: Halls
    ) -> None:
        showing = await halls.showing(*HALL)
        booking = await chosen(alice, showing.session, "A1", "A2")
        await asyncio.sleep(1.02)
        assert set((await states(bob, showing.session)).values()) == {"free"}
        answer = await choose(alice, booking, "A3")
        assert (answer.status, answer.code) == (410, "booking_expired")
        await chosen(bob, showing.session, "A1")
