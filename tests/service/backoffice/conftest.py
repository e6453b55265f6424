"""Staff who call the API."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from service.postgres import Postgres
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account, Showing

NewMovie = Callable[..., Awaitable[int]]
NewPlace = Callable[..., Awaitable[int]]
NewSession = Callable[..., Awaitable[Showing]]
Assign = Callable[[Account, int], Awaitable[None]]
Sell = Callable[..., Awaitable[None]]

MOVIE: dict[str, Any] = {"title": "Amélie", "description": "Somebody helps.", "duration": 122, "year": 2001}
PLACE: dict[str, Any] = {"name": "Lumière", "address": "1 rue Première", "capacity": 180}


@pytest.fixture
def boss(client: Client, admin: Account) -> Caller:
    """An admin."""
    return Caller(client, admin)


@pytest.fixture
def scheduler(client: Client, manager: Account) -> Caller:
    """The manager."""
    return Caller(client, manager)


@pytest.fixture
def assign(postgres: Postgres) -> Assign:
    """Let a manager schedule a place."""

    async def assign(account: Account, place_id: int) -> None:
        async with postgres.acquire() as connection:
            await connection.execute(
                "INSERT INTO manager_places (user_id, place_id) VALUES ($1, $2)", account.user_id, place_id
            )

    return assign


@pytest.fixture
def sell(postgres: Postgres, customer: Account) -> Sell:
    """A confirmed booking of a session, with its seats sold; or a cancelled one."""

    async def sell(session_id: int, seats: int = 1, *, status: str = "confirmed") -> None:
        async with postgres.transaction() as connection:
            await connection.execute(
                """
                INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at,
                                      closes_at, confirmed_at, cancelled_at)
                VALUES ($1::bigint + 1, $1, $2, $3, $4, 1200, 'EUR', now(), now(),
                        CASE $4 WHEN 'confirmed' THEN now() END, CASE $4 WHEN 'cancelled' THEN now() END)
                """,
                session_id,
                customer.user_id,
                seats,
                status,
            )
            if status == "confirmed":
                await connection.execute("UPDATE inventory SET sold = sold + $2 WHERE id = $1", session_id, seats)

    return sell
