"""Events in the database, and users who reserve, book and cancel their tickets."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from service.ids import uuid7
from service.inventory import pool_of_event
from service.resources import Resources
from tests.service.api import Answer, Api, as_user
from tests.service.conftest import Client
from tests.service.factories import PASSWORD_HASH, Account, Factory


@dataclass(frozen=True, slots=True)
class Event:
    """An event, and the number of its pool."""

    event_id: UUID
    number: int

    @property
    def id(self) -> str:
        return str(self.event_id)

    @property
    def pool(self) -> str:
        return pool_of_event(self.number)


@dataclass(frozen=True, slots=True)
class Buyer:
    """One user's calls."""

    api: Api
    account: Account

    async def reserve(self, event: Event, count: Any = 1, **headers: str) -> Answer:
        body = {"event_id": event.id, "count": count}
        return await self.api("POST", "/ticketing/ticket/reserve/", body, **headers)

    async def book(self, *ticket_ids: str) -> Answer:
        return await self.api("POST", "/ticketing/ticket/book/", {"ticket_ids": ticket_ids})

    async def cancel(self, event: Event, count: Any = 1, **headers: str) -> Answer:
        return await self.api("POST", "/ticketing/ticket/cancel/", {"event_id": event.id, "count": count}, **headers)

    async def reserved(self, event: Event, count: int = 1) -> list[str]:
        """New tickets of the event."""
        answer = await self.reserve(event, count)
        assert answer.status == 200, answer.body
        ticket_ids: list[str] = answer.body["ticket_ids"]
        return ticket_ids

    async def booked(self, event: Event, count: int = 1) -> list[str]:
        """Tickets of the event that are booked."""
        ticket_ids = await self.reserved(event, count)
        assert (await self.book(*ticket_ids)).status == 200
        return ticket_ids


@dataclass(frozen=True, slots=True)
class BoxOffice:
    """Makes events, and counts their tickets where they are kept."""

    resources: Resources

    async def event(self, seats: int = 10, starts_in: float = 86_400) -> Event:
        """An event of so many seats that starts in so many seconds."""
        event = Event(uuid7(), self.resources.ids.next())
        async with self.resources.postgres.acquire() as connection:
            await connection.execute(
                """
                WITH pool AS (INSERT INTO inventory (id, capacity, sales_end)
                              VALUES ($2, $3, date_trunc('second', now()) + make_interval(secs => $4))
                              RETURNING id, sales_end)
                INSERT INTO events (id, pool, name, starts_at, address, description)
                SELECT $1, id, 'A concert', date_trunc('second', sales_end), 'Here', 'Music' FROM pool
                """,
                event.event_id,
                event.number,
                seats,
                starts_in,
            )
        return event

    async def sold(self, event: Event) -> tuple[int, int]:
        """What the inventory says was sold, and how many tickets are booked."""
        async with self.resources.postgres.acquire() as connection:
            sold = await connection.fetchval("SELECT sold FROM inventory WHERE id = $1", event.number)
            booked = await connection.fetchval(
                "SELECT count(*) FROM tickets WHERE event_id = $1 AND cancelled_at IS NULL", event.event_id
            )
        return sold, booked

    async def held(self, event: Event) -> int:
        [held] = await self.resources.engine.held([event.pool])
        return held


async def crowd(client: Client, resources: Resources, count: int) -> list[Buyer]:
    """Accounts made in the database with one hash, and tokens minted for them."""
    numbers = [resources.ids.next() for _ in range(count)]
    async with resources.postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO users (id, email, password_hash)
            SELECT id, 'crowd' || id || '@example.com', $2 FROM unnest($1::bigint[]) AS id
            """,
            numbers,
            PASSWORD_HASH,
        )
    accounts = [Account(number, "", resources.tokens.issue(number, "customer", 0)) for number in numbers]
    return [Buyer(as_user(client, account), account) for account in accounts]


@pytest.fixture
def office(resources: Resources) -> BoxOffice:
    return BoxOffice(resources)


@pytest.fixture
def alice(client: Client, customer: Account) -> Buyer:
    return Buyer(as_user(client, customer), customer)


@pytest.fixture
async def bob(client: Client, factory: Factory) -> Buyer:
    account = await factory.user()
    return Buyer(as_user(client, account), account)
