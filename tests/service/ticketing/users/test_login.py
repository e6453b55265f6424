"""POST /ticketing/user/login/."""

import time

import pytest
from argon2 import PasswordHasher

from service.postgres import Postgres
from service.settings import Settings
from tests.service.api import Answer, Api, with_token
from tests.service.conftest import Client
from tests.service.factories import PASSWORD, Account, Factory
from tests.service.ticketing.conftest import refused


async def login(api: Api, email: object, password: object = PASSWORD) -> Answer:
    return await api("POST", "/ticketing/user/login/", {"email": email, "password": password})


async def test_the_token_is_good_for_all_apis(api: Api, client: Client, customer: Account) -> None:
    answer = await login(api, customer.email.upper())
    assert answer.status == 200
    assert set(answer.body) == {"token"}
    own = with_token(client, answer.body["token"])
    assert (await own("GET", "/v1/me")).status == 200
    assert (await own("GET", "/ticketing/user/bookings/")).status == 200


async def test_who_and_what_is_wrong(api: Api, customer: Account) -> None:
    for email in ("nobody@example.com", "nobody", "x" * 9_000):
        assert refused(await login(api, email)) == (401, "USER-03")
    answer = await login(api, customer.email, "wrong password")
    assert refused(answer) == (401, "USER-04")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_an_erased_account_is_none(api: Api, own: Api, customer: Account) -> None:
    assert (await own("DELETE", "/v1/me", {"password": PASSWORD})).status == 204
    assert refused(await login(api, customer.email)) == (401, "USER-03")


async def test_empty_fields(api: Api) -> None:
    for nothing in ("", None):
        assert refused(await login(api, nothing)) == (400, "USER-07")
        assert refused(await login(api, "ada@example.com", nothing)) == (400, "USER-02")
    assert refused(await api("POST", "/ticketing/user/login/", {})) == (400, "USER-07")
    assert refused(await login(api, 5)) == (400, "SYS-01")
    assert refused(await login(api, "ada\0@example.com")) == (400, "SYS-01")


async def test_guesses_are_counted_with_those_elsewhere(api: Api, customer: Account) -> None:
    for _ in range(5):
        assert refused(await login(api, customer.email, "wrong password")) == (401, "USER-04")
        body = {"email": customer.email, "password": "wrong password"}
        assert (await api("POST", "/v1/auth/signin", body)).status == 401
    answer = await login(api, customer.email)
    assert refused(answer) == (429, "SYS-02")
    assert int(answer.headers["Retry-After"]) > 0


async def test_guesses_for_nobody_are_counted(api: Api) -> None:
    for _ in range(10):
        assert refused(await login(api, "nobody@example.com")) == (401, "USER-03")
    assert refused(await login(api, "Nobody@example.com")) == (429, "SYS-02")


class TestTime:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"argon2_memory_kib": 16_384, "argon2_time_cost": 2})

    async def test_unknown_addresses_take_as_long(self, api: Api, factory: Factory, postgres: Postgres) -> None:
        """Without hashing for nobody, an unknown address takes a tenth of the time."""
        encoded = PasswordHasher(time_cost=2, memory_cost=16_384, parallelism=1).hash(PASSWORD)
        emails = [(await factory.user()).email for _ in range(9)]
        async with postgres.acquire() as connection:
            await connection.execute("UPDATE users SET password_hash = $1", encoded)
        # One beside the other, and of each the least, which is what it takes where nothing else runs meanwhile.
        times = [
            (await self.seconds(api, email, "USER-04"), await self.seconds(api, f"not.{email}", "USER-03"))
            for email in emails
        ]
        known, unknown = map(min, zip(*times, strict=True))
        assert 0.5 < unknown / known < 2

    @staticmethod
    async def seconds(api: Api, email: str, code: str) -> float:
        started = time.perf_counter()
        assert refused(await login(api, email, "wrong password")) == (401, code)
        return time.perf_counter() - started


class TestSecretThatSignsNothing:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """What looks like a public key is refused as the secret of a signature, lest anybody could sign with it."""
        return settings.model_copy(
            update={"jwt_secrets": ("-----BEGIN PUBLIC KEY-----\nMFww\n-----END PUBLIC KEY-----",)}
        )

    async def test_is_told(self, api: Api) -> None:
        body = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}
        assert (await api("POST", "/ticketing/user/register/", body)).status == 201
        assert refused(await login(api, "ada@example.com")) == (500, "USER-05")
        assert refused(await login(api, "ada@example.com", "wrong password")) == (401, "USER-04")
