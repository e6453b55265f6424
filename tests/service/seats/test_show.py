"""The seats of a session: plan, prices and states, as of one moment."""

import asyncio
import random

import pytest

from tests.service.bookings.conftest import Customer, NewSession
from tests.service.conftest import Client
from tests.service.halls import Halls
from tests.service.seat_plans.drawing import drawn
from tests.service.seats.conftest import bought, choose, chosen, drawing, states


async def test_the_plan_with_prices_and_states(alice: Customer, bob: Customer, client: Client, halls: Halls) -> None:
    showing = await halls.showing(plan=drawn("p.", ". w", supplements={"premium": 250}), price=900)
    await bought(bob, showing.session, "A1")
    await chosen(bob, showing.session, "A2")
    await chosen(alice, showing.session, "B1")

    answer = await alice.call("GET", f"/v1/sessions/{showing.session}/seats")

    assert answer.status == 200
    assert answer.body == {
        "session_id": showing.session,
        "rows": [
            {
                "label": "A",
                "seats": [
                    {"label": "A1", "number": 1, "kind": "premium", "price": 1_150, "state": "sold"},
                    {"label": "A2", "number": 2, "kind": "standard", "price": 900, "state": "held"},
                ],
            },
            {
                "label": "B",
                "seats": [
                    {"label": "B1", "number": 1, "kind": "standard", "price": 900, "state": "yours"},
                    None,
                    {"label": "B2", "number": 2, "kind": "wheelchair", "price": 900, "state": "free"},
                ],
            },
        ],
    }
    assert await drawing(bob, showing.session) == ["sy", "h f"]
    async with client.get(f"/v1/sessions/{showing.session}/seats") as anonymous:
        assert [row["seats"][0]["state"] for row in (await anonymous.json())["rows"]] == ["sold", "held"]


@pytest.mark.parametrize("session", ["ses_1", "ses_x", "mov_1"])
async def test_unknown_session(alice: Customer, session: str) -> None:
    answer = await alice.call("GET", f"/v1/sessions/{session}/seats")
    assert (answer.status, answer.code) == (404, "session_not_found")


async def test_a_session_without_a_plan(alice: Customer, new_session: NewSession) -> None:
    showing = await new_session()
    answer = await alice.call("GET", f"/v1/sessions/{showing.session}/seats")
    assert (answer.status, answer.code) == (404, "seat_plan_not_found")


async def test_a_cancelled_session(alice: Customer, halls: Halls) -> None:
    showing = await halls.showing("..", cancelled=True)
    answer = await alice.call("GET", f"/v1/sessions/{showing.session}/seats")
    assert (answer.status, answer.code) == (409, "session_cancelled")


async def test_a_bad_token_is_refused(client: Client, halls: Halls) -> None:
    showing = await halls.showing("..")
    headers = {"Authorization": "Bearer nonsense"}
    async with client.get(f"/v1/sessions/{showing.session}/seats", headers=headers) as answer:
        assert answer.status == 401
        assert (await answer.json())["errors"][0]["code"] == "invalid_token"


async def test_no_seat_of_a_booking_is_seen_without_the_others(alice: Customer, bob: Customer, halls: Halls) -> None:
    """A booking of four seats jumps from row to row; whoever looks meanwhile sees all of them in one row.

    Failed with halves of two looks put together.
    """
    showing = await halls.showing(*["...."] * 6)
    booking = await alice.book(showing.session)
    done = asyncio.Event()

    async def jump() -> None:
        for _ in range(60):
            row = random.choice("ABCDEF")  # noqa: S311
            assert (await choose(alice, booking, *(f"{row}{number}" for number in range(1, 5)))).status == 200
        done.set()

    async def look() -> None:
        while not done.is_set():
            seen = await states(bob, showing.session)
            held = sorted(label for label, state in seen.items() if state == "held")
            assert held in ([], *([f"{row}{number}" for number in range(1, 5)] for row in "ABCDEF"))

    await asyncio.gather(jump(), look(), look())
