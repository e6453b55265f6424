"""POST /v1/auth/signup."""

import asyncio
import re
from datetime import UTC, datetime

import pytest

from service.http.client_address import network_of
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.service.api import Api

PASSWORD = "correct horse battery"  # noqa: S105


async def sign_up(api: Api, email: str = "ada@example.com", password: str = PASSWORD) -> tuple[int, str]:
    answer = await api("POST", "/v1/auth/signup", {"email": email, "password": password})
    return (201, "") if answer.status == 201 else answer.error


async def test_answers_the_new_account(api: Api, postgres: Postgres) -> None:
    answer = await api("POST", "/v1/auth/signup", {"email": "Ada@Example.COM", "password": PASSWORD})

    assert answer.status == 201
    user = answer.body["user"]
    assert set(user) == {"id", "email", "created_at"}
    assert re.fullmatch(r"usr_[1-9][0-9]+", user["id"])
    assert user["email"] == "Ada@example.com"
    age = datetime.now(UTC) - datetime.fromisoformat(user["created_at"])
    assert abs(age.total_seconds()) < 5
    async with postgres.acquire() as connection:
        row = await connection.fetchrow("SELECT email, role, password_hash, name FROM users")
    assert row is not None
    assert (row["email"], row["role"], row["name"]) == ("Ada@example.com", "customer", None)
    assert row["password_hash"].startswith("$argon2id$v=19$m=8,t=1,p=1$")


@pytest.mark.parametrize(
    "password",
    ["12345678", "x" * 128, "пароль из слов", "🔑" * 8, " " * 8, "\0" * 8, "e\u0301" * 64, "\u202eabcdefgh"],
)
async def test_any_unicode_is_a_password(api: Api, password: str) -> None:
    assert await sign_up(api, password=password) == (201, "")
    signed_in = await api("POST", "/v1/auth/signin", {"email": "ada@example.com", "password": password})
    assert signed_in.status == 200


async def test_a_password_is_the_same_however_it_was_composed(api: Api) -> None:
    assert await sign_up(api, "ada@example.com", "caf\u00e9 cr\u00e8me") == (201, "")
    signed_in = await api("POST", "/v1/auth/signin", {"email": "ada@example.com", "password": "cafe\u0301 cre\u0300me"})
    assert signed_in.status == 200


@pytest.mark.parametrize("password", ["1234567", "x" * 129, "🔑" * 7, ""])
async def test_bounds_of_passwords(api: Api, password: str) -> None:
    answer = await api("POST", "/v1/auth/signup", {"email": "ada@example.com", "password": password})
    assert answer.faults == {("invalid_password", "password")}


@pytest.mark.parametrize(
    "email",
    ["", "ada", "ada@", "@example.com", "ada@example", "ada@@example.com", "ada lovelace@example.com"],
)
async def test_forms_that_are_no_address(api: Api, email: str) -> None:
    answer = await api("POST", "/v1/auth/signup", {"email": email, "password": PASSWORD})
    assert answer.faults == {("invalid_email", "email")}


@pytest.mark.parametrize(
    "email",
    [
        "ada@example..com",
        "ada@-example.com",
        "ada@[127.0.0.1]",
        '"ada"@example.com',
        "Ada <ada@example.com>",
        "ada@example.com\0",
        "ada@example.com\n",
        "a" * 243 + "@example.com",
        "{}@exa{mple}.com",
    ],
)
async def test_forms_that_look_like_an_address(api: Api, email: str) -> None:
    answer = await api("POST", "/v1/auth/signup", {"email": email, "password": PASSWORD})
    assert answer.faults == {("invalid_email", "email")}


@pytest.mark.parametrize(
    "email",
    ["a@b.fr", "ada+tag@example.com", "ada@sub.example", "ada@corp.test", "ädä@exämple.fr", "a" * 242 + "@example.com"],
)
async def test_forms_of_addresses(api: Api, email: str) -> None:
    assert await sign_up(api, email) == (201, "")


async def test_every_fault_at_once(api: Api) -> None:
    answer = await api("POST", "/v1/auth/signup", {"email": 5, "name": "Ada"})
    assert answer.faults == {
        ("invalid_email", "email"),
        ("missing_password", "password"),
        ("unknown_field", "name"),
    }


@pytest.mark.parametrize("second", ["ada@example.com", "ADA@EXAMPLE.COM", "aDa@eXample.com"])
async def test_addresses_are_unique_without_regard_to_case(api: Api, second: str) -> None:
    assert await sign_up(api, "ada@example.com") == (201, "")
    assert await sign_up(api, second) == (409, "email_taken")


async def test_addresses_are_unique_beyond_ascii(api: Api) -> None:
    assert await sign_up(api, "élodie@exämple.fr") == (201, "")
    assert await sign_up(api, "Élodie@EXÄMPLE.fr") == (409, "email_taken")
    assert await sign_up(api, "e\u0301lodie@xn--exmple-cua.fr") == (409, "email_taken")


async def test_of_many_at_once_one_gets_the_address(api: Api) -> None:
    """With a lookup before the insert in place of the constraint, several of them pass it."""
    emails = ["ada@example.com", "Ada@example.com"] * 8
    outcomes = await asyncio.gather(*(sign_up(api, email) for email in emails))
    assert sorted(outcomes) == [(201, "")] + [(409, "email_taken")] * 15


class TestLimit:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"signups_per_hour": 3})

    async def test_accounts_of_one_client_address(self, api: Api) -> None:
        emails = [f"ada{number}@example.com" for number in range(6)]
        outcomes = await asyncio.gather(*(sign_up(api, email) for email in emails))
        assert sorted(outcomes) == [(201, "")] * 3 + [(429, "rate_limited")] * 3

    async def test_tells_when_to_come_again(self, api: Api) -> None:
        for number in range(3):
            await sign_up(api, f"ada{number}@example.com")
        refused = await api("POST", "/v1/auth/signup", {"email": "ada@example.com", "password": PASSWORD})
        assert refused.error == (429, "rate_limited")
        assert 3_590 <= int(refused.headers["Retry-After"]) <= 3_600

    async def test_strangers_cannot_name_another_address(self, api: Api) -> None:
        outcomes = [
            await api(
                "POST",
                "/v1/auth/signup",
                {"email": f"ada{number}@example.com", "password": PASSWORD},
                X_Forwarded_For=f"203.0.113.{number}",
            )
            for number in range(4)
        ]
        assert [answer.status for answer in outcomes] == [201, 201, 201, 429]

    async def test_a_faulty_request_does_not_count(self, api: Api) -> None:
        for _ in range(5):
            await sign_up(api, "nobody")
        assert await sign_up(api) == (201, "")


class TestLimitBehindProxies:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        trusted = Settings.model_validate(settings.model_dump() | {"trusted_proxies": "127.0.0.0/8, ::1/128"})
        return trusted.model_copy(update={"signups_per_hour": 1})

    async def test_the_address_that_the_proxy_saw_counts(self, api: Api, resources: Resources) -> None:
        async def status(number: int, forwarded: str) -> int:
            body = {"email": f"ada{number}@example.com", "password": PASSWORD}
            return (await api("POST", "/v1/auth/signup", body, X_Forwarded_For=forwarded)).status

        assert await status(1, "203.0.113.1") == 201
        assert await status(2, "203.0.113.2") == 201
        assert await status(3, "198.51.100.7, 203.0.113.1") == 429
        assert await status(4, "2001:db8::1") == 201
        assert await status(5, "2001:db8::2") == 429
        assert await resources.redis.command("EXISTS", "limit:sign-up:2001:db8::/64") == 1
        assert network_of(None) == "None"
