"""Customers who choose seats."""

from collections.abc import Mapping
from typing import Any

import pytest

from service.resources import Resources
from tests.service.bookings.conftest import Answer, Customer, alice, bob  # noqa: F401  # fixtures
from tests.service.halls import Halls


@pytest.fixture
def halls(resources: Resources) -> Halls:
    return Halls(resources)


async def choose(customer: Customer, booking: str, *labels: str, **others: Any) -> Answer:
    """Reserve these very seats."""
    body = {"seat_labels": list(labels), **others}
    return await customer.call("POST", f"/v1/bookings/{booking}/reserve", json=body)


async def best(customer: Customer, booking: str, seats: int, **others: Any) -> Answer:
    """Reserve the best seats."""
    return await customer.call("POST", f"/v1/bookings/{booking}/reserve", json={"seats": seats, **others})


async def chosen(customer: Customer, session: str, *labels: str) -> str:
    """Open a booking with these seats; its id."""
    booking = await customer.book(session)
    answer = await choose(customer, booking, *labels)
    assert answer.status == 200, answer.body
    return booking


async def bought(customer: Customer, session: str, *labels: str) -> str:
    """Buy these seats; the booking's id."""
    booking = await chosen(customer, session, *labels)
    answer = await customer.confirm(booking)
    assert answer.status == 200, answer.body
    return booking


async def states(customer: Customer, session: str) -> dict[str, str]:
    """Every seat's state by its label, as the customer sees it."""
    answer = await customer.call("GET", f"/v1/sessions/{session}/seats")
    assert answer.status == 200, answer.body
    return {seat["label"]: seat["state"] for row in answer.body["rows"] for seat in row["seats"] if seat}


async def drawing(customer: Customer, session: str) -> list[str]:
    """The same as a text, a line a row: the first letters of states, a space where there is no seat."""
    answer = await customer.call("GET", f"/v1/sessions/{session}/seats")
    assert answer.status == 200, answer.body
    return ["".join(seat["state"][0] if seat else " " for seat in row["seats"]) for row in answer.body["rows"]]


def labels_of(booking: Mapping[str, Any]) -> list[str]:
    return [seat["label"] for seat in booking["seats"]]
