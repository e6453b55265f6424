"""POST /v1/auth/signin and /v1/auth/signout."""

import asyncio
import time

import jwt
import pytest
from argon2 import PasswordHasher

from service.accounts import credentials
from service.accounts.credentials import FAILURES
from service.errors import ApiError
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.service.api import Answer, Api, with_token
from tests.service.conftest import Client
from tests.service.factories import PASSWORD, PASSWORD_HASH, Account, Factory


async def sign_in(api: Api, email: str, password: str = PASSWORD) -> Answer:
    return await api("POST", "/v1/auth/signin", {"email": email, "password": password})


async def hash_of(postgres: Postgres, account: Account) -> str:
    async with postgres.acquire() as connection:
        found: str = await connection.fetchval("SELECT password_hash FROM users WHERE id = $1", account.user_id)
        return found


async def test_the_token_is_what_it_should_be(api: Api, client: Client, customer: Account, settings: Settings) -> None:
    answer = await sign_in(api, customer.email)
    assert answer.status == 200
    assert set(answer.body) == {"token"}
    token = answer.body["token"]
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    claims = jwt.decode(
        token, settings.jwt_secrets[0], algorithms=["HS256"], audience="holdfast-api", issuer="holdfast"
    )
    assert set(claims) == {"sub", "iat", "exp", "iss", "aud", "jti", "role", "gen"}
    assert (claims["sub"], claims["role"]) == (customer.public_id, "customer")
    assert claims["exp"] - claims["iat"] == 24 * 3_600
    assert (await with_token(client, token)("GET", "/v1/me")).status == 200


@pytest.mark.parametrize("written", [str.upper, str.title, lambda email: email.replace("@example", "@EXAMPLE")])
async def test_case_does_not_matter(api: Api, customer: Account, written: object) -> None:
    assert callable(written)
    assert (await sign_in(api, written(customer.email))).status == 200


async def test_wrong_password_and_unknown_address_answer_the_same(api: Api, customer: Account) -> None:
    wrong = await sign_in(api, customer.email, "wrong password")
    unknown = await sign_in(api, "nobody@example.com")
    no_address = await sign_in(api, "nobody")
    assert wrong.error == (401, "invalid_credentials")
    assert wrong.body == unknown.body == no_address.body
    assert wrong.headers["WWW-Authenticate"] == unknown.headers["WWW-Authenticate"]


async def test_faults(api: Api) -> None:
    answer = await api("POST", "/v1/auth/signin", {"email": "ada\0@example.com", "passwort": "x"})
    assert answer.faults == {
        ("invalid_email", "email"),
        ("missing_password", "password"),
        ("unknown_field", "passwort"),
    }


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
        times = [(await self.seconds(api, email), await self.seconds(api, f"not.{email}")) for email in emails]
        known, unknown = map(min, zip(*times, strict=True))
        assert 0.5 < unknown / known < 2

    @staticmethod
    async def seconds(api: Api, email: str) -> float:
        started = time.perf_counter()
        assert (await sign_in(api, email, "wrong password")).status == 401
        return time.perf_counter() - started


class TestWeakHashes:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"argon2_memory_kib": 32, "argon2_time_cost": 2})

    async def test_are_upgraded_at_sign_in(self, api: Api, customer: Account, postgres: Postgres) -> None:
        assert "$m=8,t=1,p=1$" in await hash_of(postgres, customer)
        assert (await sign_in(api, customer.email, "wrong password")).status == 401
        assert "$m=8,t=1,p=1$" in await hash_of(postgres, customer)
        assert (await sign_in(api, customer.email)).status == 200
        upgraded = await hash_of(postgres, customer)
        assert "$m=32,t=2,p=1$" in upgraded
        assert (await sign_in(api, customer.email)).status == 200
        assert await hash_of(postgres, customer) == upgraded

    async def test_stronger_ones_stay(self, api: Api, customer: Account, postgres: Postgres) -> None:
        stronger = PasswordHasher(time_cost=3, memory_cost=64, parallelism=1).hash(PASSWORD)
        async with postgres.acquire() as connection:
            await connection.execute("UPDATE users SET password_hash = $1", stronger)
        assert (await sign_in(api, customer.email)).status == 200
        assert await hash_of(postgres, customer) == stronger


class TestFailures:
    async def test_ten_within_a_minute_are_the_last(self, api: Api, customer: Account) -> None:
        for _ in range(10):
            assert (await sign_in(api, customer.email, "wrong password")).error == (401, "invalid_credentials")
        for email in (customer.email, customer.email.upper()):
            refused = await sign_in(api, email)
            assert refused.error == (429, "rate_limited")
            assert 55 <= int(refused.headers["Retry-After"]) <= 60

    async def test_parallel_guesses_do_not_slip_through(self, resources: Resources) -> None:
        """Counting failures once they are known, in place of attempts before, lets the fortieth guess through."""
        guesses = ["wrong password"] * 39 + [PASSWORD]
        outcomes = await asyncio.gather(
            *(credentials.check(resources, "somebody", guess, PASSWORD_HASH) for guess in guesses),
            return_exceptions=True,
        )
        statuses = [outcome.kind.status for outcome in outcomes if isinstance(outcome, ApiError)]
        assert statuses.count(401) == 10
        assert statuses.count(429) == 30

    async def test_spellings_of_one_address_share_the_count(self, api: Api, factory: Factory) -> None:
        """Postgres takes `\u0130` for an `i`; counted by Python's lower case it gets guesses of its own."""
        await factory.user(email="mimi@example.com")
        spellings = [m + i + n + "i@example.com" for m in "mM" for i in "iI\u0130" for n in "mM"]
        answers = [await sign_in(api, email, "wrong password") for email in spellings]
        assert [answer.status for answer in answers] == [401] * 10 + [429] * 2

    async def test_an_unknown_address_is_counted_alike(self, api: Api) -> None:
        answers = [await sign_in(api, "nobody@example.com") for _ in range(11)]
        assert [answer.status for answer in answers] == [401] * 10 + [429]
        assert (await sign_in(api, "NOBODY@example.com")).status == 429
        assert (await sign_in(api, "somebody@example.com")).status == 401

    async def test_a_success_clears_the_count(self, api: Api, customer: Account) -> None:
        for _ in range(3):
            for _ in range(9):
                assert (await sign_in(api, customer.email, "wrong password")).status == 401
            assert (await sign_in(api, customer.email)).status == 200

    async def test_other_accounts_are_not_concerned(self, api: Api, customer: Account, factory: Factory) -> None:
        for _ in range(11):
            await sign_in(api, customer.email, "wrong password")
        assert (await sign_in(api, (await factory.user()).email)).status == 200

    async def test_they_leave_nothing_in_redis(self, api: Api, resources: Resources) -> None:
        await sign_in(api, "nobody@example.com")
        (key,) = await resources.redis.command("KEYS", "limit:*")
        assert b"nobody" not in key
        assert 0 < await resources.redis.command("PTTL", key) <= FAILURES.seconds * 1_000


class TestTooManyAtOnce:
    async def test_is_503_rather_than_a_long_wait(self, api: Api, resources: Resources) -> None:
        passwords = resources.passwords
        answers = await asyncio.gather(
            *(passwords.hash("correct horse battery") for _ in range(200)), return_exceptions=True
        )
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert len(refused) == 200 - 102
        assert (await sign_in(api, "nobody@example.com")).status == 401


class TestSignOut:
    async def test_ends_this_token_alone(self, api: Api, client: Client, customer: Account) -> None:
        own, other = [with_token(client, (await sign_in(api, customer.email)).body["token"]) for _ in range(2)]
        answer = await own("POST", "/v1/auth/signout")
        assert (answer.status, answer.body) == (204, None)
        assert (await own("GET", "/v1/me")).error == (401, "invalid_token")
        assert (await own("POST", "/v1/auth/signout")).error == (401, "invalid_token")
        assert (await other("GET", "/v1/me")).status == 200

    async def test_needs_a_token(self, api: Api) -> None:
        assert (await api("POST", "/v1/auth/signout")).error == (401, "missing_token")

    async def test_of_a_user_who_is_not_in_this_database(self, client: Client, resources: Resources) -> None:
        own = with_token(client, resources.tokens.issue(4_711, "customer", 0))
        assert (await own("GET", "/v1/me")).error == (401, "invalid_token")
        assert (await own("POST", "/v1/auth/signout")).status == 204
