"""Making an administrator from the command line's side."""

import asyncio

import pytest
from pydantic import ValidationError

from service.accounts.admin import create_admin
from service.postgres import Postgres
from service.settings import Settings
from tests.service.api import Api
from tests.service.factories import PASSWORD, Account


async def create(postgres: Postgres, settings: Settings, email: str, password: str = PASSWORD) -> None:
    async with postgres.acquire() as connection:
        await create_admin(connection, settings, email, password)


async def sign_in(api: Api, email: str, password: str) -> int:
    return (await api("POST", "/v1/auth/signin", {"email": email, "password": password})).status


async def test_a_new_admin(api: Api, postgres: Postgres, settings: Settings) -> None:
    await create(postgres, settings, "root@example.com")
    assert await sign_in(api, "root@example.com", PASSWORD) == 200
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT role FROM users") == "admin"


async def test_again_changes_nothing(api: Api, postgres: Postgres, settings: Settings) -> None:
    await create(postgres, settings, "root@example.com")
    await create(postgres, settings, "Root@Example.com", "another password")
    assert await sign_in(api, "root@example.com", PASSWORD) == 200


async def test_a_customer_is_promoted(api: Api, postgres: Postgres, settings: Settings, customer: Account) -> None:
    await create(postgres, settings, customer.email, "another password")
    assert await sign_in(api, customer.email, PASSWORD) == 200
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT role FROM users") == "admin"


async def test_several_workers_at_once(postgres: Postgres, settings: Settings) -> None:
    await asyncio.gather(*(create(postgres, settings, "root@example.com") for _ in range(5)))
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM users") == 1


@pytest.mark.parametrize(("email", "password"), [("root", PASSWORD), ("root@example.com", "short")])
async def test_what_sign_up_would_refuse(postgres: Postgres, settings: Settings, email: str, password: str) -> None:
    with pytest.raises(ValidationError):
        await create(postgres, settings, email, password)
