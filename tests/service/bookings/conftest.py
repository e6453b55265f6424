"""Bookings over HTTP, as a client of the API makes them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.service.conftest import Client
from tests.service.factories import Account, Showing

NewSession = Callable[..., Awaitable[Showing]]
NewCustomer = Callable[[], Awaitable[Account]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that has been read."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """The code of the only error."""
        (error,) = self.body["errors"]
        code: str = error["code"]
        return code

    @property
    def booking(self) -> dict[str, Any]:
        booking: dict[str, Any] = self.body["booking"]
        return booking


class Customer:
    """One customer's calls."""

    def __init__(self, client: Client, account: Account) -> None:
        self._client = client
        self.account = account

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        headers = self.account.headers | options.pop("headers", {})
        async with self._client.request(method, path, headers=headers, **options) as response:
            body = await response.json() if response.content_length else None
            return Answer(response.status, body, dict(response.headers))

    async def book(self, session: str) -> str:
        """Open a booking; its id."""
        answer = await self.call("POST", f"/v1/sessions/{session}/book")
        assert answer.status == 201, answer.body
        booking_id: str = answer.booking["id"]
        return booking_id

    async def reserve(self, booking: str, seats: int) -> Answer:
        return await self.call("POST", f"/v1/bookings/{booking}/reserve", json={"seats": seats})

    async def confirm(self, booking: str, **options: Any) -> Answer:
        return await self.call("POST", f"/v1/bookings/{booking}/confirm", **options)

    async def cancel(self, booking: str) -> Answer:
        return await self.call("POST", f"/v1/bookings/{booking}/cancel")

    async def reserved(self, session: str, seats: int) -> str:
        """Open a booking with seats; its id."""
        booking = await self.book(session)
        answer = await self.reserve(booking, seats)
        assert answer.status == 200, answer.body
        return booking

    async def available(self, session: str) -> int:
        answer = await self.call("GET", f"/v1/sessions/{session}")
        available: int = answer.body["session"]["available"]
        return available


@pytest.fixture
def alice(client: Client, customer: Account) -> Customer:
    return Customer(client, customer)


@pytest.fixture
async def bob(client: Client, new_customer: NewCustomer) -> Customer:
    return Customer(client, await new_customer())
