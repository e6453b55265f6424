"""Many customers grab few seats at once."""

import asyncio
from collections import Counter

import pytest

from holds.engine import SCRIPTS
from holds.scripts import Script
from service.postgres import Postgres
from service.resources import Resources
from tests.service.bookings.conftest import Customer, NewSession
from tests.service.bookings.test_settle import sold_seats
from tests.service.conftest import Client
from tests.service.factories import PASSWORD_HASH, Account

CUSTOMERS = 2_000
SEATS = 500


async def customers(client: Client, resources: Resources, count: int) -> list[Customer]:
    """Accounts made in the database with one hash, and tokens minted for them."""
    numbers = [resources.ids.next() for _ in range(count)]
    async with resources.postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO users (id, email, password_hash)
            SELECT id, 'grab' || id || '@example.com', $2 FROM unnest($1::bigint[]) AS id
            """,
            numbers,
            PASSWORD_HASH,
        )
    return [Customer(client, Account(number, "", resources.tokens.issue(number, "customer", 0))) for number in numbers]


async def grab(customer: Customer, session: str) -> Counter[int]:
    """Book, reserve one seat and confirm it, as far as it goes; the statuses of the answers."""
    opened = await customer.call("POST", f"/v1/sessions/{session}/book")
    statuses = Counter([opened.status])
    if opened.status == 201:
        reserved = await customer.reserve(opened.booking["id"], 1)
        statuses[reserved.status] += 1
        if reserved.status == 200:
            statuses[(await customer.confirm(opened.booking["id"])).status] += 1
    return statuses


async def test_every_seat_is_sold_once(
    client: Client, resources: Resources, new_session: NewSession, postgres: Postgres
) -> None:
    showing = await new_session(capacity=SEATS)
    crowd = await customers(client, resources, CUSTOMERS)

    statuses = sum(await asyncio.gather(*(grab(customer, showing.session) for customer in crowd)), Counter())

    assert statuses == {201: CUSTOMERS, 200: 2 * SEATS, 409: CUSTOMERS - SEATS}
    assert await sold_seats(postgres, showing) == (SEATS, SEATS)


async def test_postgres_refuses_the_seat_too_many_when_redis_does_not(
    client: Client,
    resources: Resources,
    new_session: NewSession,
    postgres: Postgres,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The script's check is taken out: everybody is granted a seat, and still only those there are sold."""
    source = SCRIPTS["resize"].source
    unchecked = source.replace("if growth > public then", "if false then")
    assert unchecked != source
    monkeypatch.setitem(SCRIPTS, "resize", Script.of("resize", unchecked))
    showing = await new_session(capacity=SEATS)
    crowd = await customers(client, resources, SEATS + 300)

    statuses = sum(await asyncio.gather(*(grab(customer, showing.session) for customer in crowd)), Counter())

    assert statuses == {201: SEATS + 300, 200: SEATS + 300 + SEATS, 409: 300}
    assert await sold_seats(postgres, showing) == (SEATS, SEATS)
