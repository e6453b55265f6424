"""POST /v1/auth/forgot and /v1/auth/reset."""

import asyncio
import json
import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from service.accounts import forgotten
from service.accounts.jobs import JOBS, send_reset_token
from service.jobs.resources import JobResources
from service.mail.mailer import Mailer
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.service.accounts.test_password_change import sign_in
from tests.service.api import Answer, Api
from tests.service.conftest import Client
from tests.service.factories import PASSWORD, Account
from tests.service.query_log import logged_queries

NEW = "a different one"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"mail_folder": tmp_path})


@pytest.fixture
def job_resources(resources: Resources) -> JobResources:
    """The application's own, as a worker has them."""
    own = (resources.settings, resources.postgres, resources.redis, resources.engine, resources.ids)
    return JobResources(*own, Mailer(resources.settings))


class Forgetful:
    """Asks for tokens, and reads the e-mails that come."""

    def __init__(self, api: Api, resources: JobResources) -> None:
        self._api = api
        self._resources = resources

    async def ask(self, email: str) -> Answer:
        return await self._api("POST", "/v1/auth/forgot", {"email": email})

    async def payloads(self) -> list[dict[str, object]]:
        async with self._resources.postgres.acquire() as connection:
            rows = await connection.fetch(
                "SELECT payload FROM pgqueuer WHERE entrypoint = 'password-reset' ORDER BY id"
            )
        return [json.loads(row["payload"]) for row in rows]

    async def tokens(self) -> list[str]:
        """Run the jobs, and leave them to be run again; the tokens that were sent, in the order of asking."""
        found = []
        for payload in await self.payloads():
            await send_reset_token(self._resources, payload)
            file = self._resources.settings.mail_folder / f"password-reset.{payload['reset']}.eml"
            if file.exists():
                body = message_from_bytes(file.read_bytes(), policy=default).get_body(("plain",))
                found += re.findall(r"^ {4}(\S{43})\r?$", body.get_content(), re.MULTILINE) if body else []
        return found

    async def token_for(self, email: str) -> str:
        assert (await self.ask(email)).status == 202
        return (await self.tokens())[-1]

    async def reset(self, token: str, password: str = NEW) -> Answer:
        return await self._api("POST", "/v1/auth/reset", {"token": token, "password": password})


@pytest.fixture
def forgetful(api: Api, job_resources: JobResources) -> Forgetful:
    return Forgetful(api, job_resources)


async def test_a_token_sets_a_new_password_and_ends_every_session(
    forgetful: Forgetful, api: Api, own: Api, customer: Account
) -> None:
    for _ in range(10):  # the old one was not remembered in ten attempts, either
        await sign_in(api, customer.email, "wrong password")
    token = await forgetful.token_for(customer.email.upper())
    answer = await forgetful.reset(token)
    assert (answer.status, answer.body) == (204, None)
    assert await sign_in(api, customer.email, NEW) == 200
    assert await sign_in(api, customer.email, PASSWORD) == 401
    assert (await own("GET", "/v1/me")).error == (401, "invalid_token")


async def test_a_token_is_good_once(forgetful: Forgetful, api: Api, customer: Account) -> None:
    token = await forgetful.token_for(customer.email)
    assert (await forgetful.reset(token)).status == 204
    assert (await forgetful.reset(token, "a third one")).faults == {("invalid_token", "token")}
    assert await forgetful.tokens() == [token]  # run once more, the job makes nothing of it
    assert (await forgetful.reset(token, "a third one")).faults == {("invalid_token", "token")}
    assert await sign_in(api, customer.email, NEW) == 200


async def test_of_two_tokens_at_once_one_wins(forgetful: Forgetful, customer: Account, postgres: Postgres) -> None:
    """Without `used_at IS NULL` in the condition of `use_reset`, several do."""
    await forgetful.ask(customer.email)
    await forgetful.ask(customer.email)
    for number in range(5):
        tokens = await forgetful.tokens()
        answers = await asyncio.gather(*(forgetful.reset(token, f"password {number}") for token in tokens * 2))
        assert sorted(answer.status for answer in answers) == [204, 422, 422, 422]
        async with postgres.acquire() as connection:
            assert await connection.fetchval("SELECT token_generation FROM users") == number + 1
            await connection.execute("UPDATE password_resets SET used_at = NULL")


async def test_a_token_is_good_for_an_hour(forgetful: Forgetful, customer: Account, postgres: Postgres) -> None:
    token = await forgetful.token_for(customer.email)
    async with postgres.acquire() as connection:
        lifetime = await connection.fetchval("SELECT extract(epoch FROM expires_at - now()) FROM password_resets")
        assert 3_500 < lifetime <= 3_600
        await connection.execute("UPDATE password_resets SET expires_at = now()")
    assert (await forgetful.reset(token)).faults == {("invalid_token", "token")}


async def test_a_token_is_not_in_the_database(forgetful: Forgetful, customer: Account, postgres: Postgres) -> None:
    token = await forgetful.token_for(customer.email)
    async with postgres.acquire() as connection:
        for table in ("password_resets", "pgqueuer"):
            rows = await connection.fetch(f"SELECT row_to_json({table})::text AS row FROM {table}")  # noqa: S608
            assert rows
            assert not any(token in row["row"] for row in rows)


@pytest.mark.parametrize("token", ["", "unknown", "x" * 200])
async def test_unknown_tokens(forgetful: Forgetful, token: str) -> None:
    assert (await forgetful.reset(token)).faults == {("invalid_token", "token")}


async def test_bounds_of_both(forgetful: Forgetful, api: Api) -> None:
    assert (await forgetful.reset("x" * 201, "1234567")).faults == {
        ("invalid_token", "token"),
        ("invalid_password", "password"),
    }
    assert (await api("POST", "/v1/auth/reset", {})).faults == {
        ("missing_token", "token"),
        ("missing_password", "password"),
    }
    assert (await api("POST", "/v1/auth/forgot", {"email": "a" * 255})).faults == {("invalid_email", "email")}
    assert (await api("POST", "/v1/auth/forgot", {"email": "a@example.com", "name": ""})).faults == {
        ("unknown_field", "name")
    }


async def test_unknown_addresses_cost_the_same_and_get_nothing(
    forgetful: Forgetful, customer: Account, postgres: Postgres
) -> None:
    """The same statements in the same order: with the job queued for known addresses alone, they differ."""
    await forgetful.ask("first@example.com")  # of a new connection, asyncpg asks more
    asked = []
    for email in (customer.email, "nobody@example.com", "no address at all"):
        async with logged_queries(postgres) as statements:
            answer = await forgetful.ask(email)
            assert (answer.status, answer.body) == (202, None)
        asked.append(statements)
    assert asked[0] == asked[1] == asked[2]
    assert len(asked[0]) >= 2
    assert len(await forgetful.payloads()) == 4
    assert len(await forgetful.tokens()) == 1


async def test_an_address_gets_three_an_hour(forgetful: Forgetful, customer: Account) -> None:
    answers = [await forgetful.ask(customer.email) for _ in range(5)]
    assert {answer.status for answer in answers} == {202}
    assert len(await forgetful.payloads()) == 3


async def test_a_client_asks_sixty_times_an_hour(forgetful: Forgetful, client: Client) -> None:
    for number in range(forgotten.FROM_CLIENT.allowed):
        assert (await forgetful.ask(f"nobody{number}@example.com")).status == 202
    async with client.post("/v1/auth/forgot", json={"email": "one@example.com"}) as answer:
        assert (answer.status, int(answer.headers["Retry-After"]) > 3_000) == (429, True)


async def test_another_password_ends_the_token(forgetful: Forgetful, own: Api, customer: Account) -> None:
    token = await forgetful.token_for(customer.email)
    await own("POST", "/v1/me/password", {"current": PASSWORD, "new": NEW})
    assert (await forgetful.reset(token)).faults == {("invalid_token", "token")}


async def test_an_erased_account_gets_no_token_and_has_none(
    forgetful: Forgetful, own: Api, customer: Account, postgres: Postgres
) -> None:
    token = await forgetful.token_for(customer.email)
    await forgetful.ask(customer.email)
    assert (await own("DELETE", "/v1/me", {"password": PASSWORD})).status == 204
    sent = set(customer_mails(forgetful))
    await forgetful.tokens()
    assert set(customer_mails(forgetful)) == sent
    assert (await forgetful.reset(token)).faults == {("invalid_token", "token")}
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT password_hash FROM users") is None


def customer_mails(forgetful: Forgetful) -> list[Path]:
    return list(forgetful._resources.settings.mail_folder.iterdir())


async def test_a_page_for_it_is_linked(job_resources: JobResources, forgetful: Forgetful, customer: Account) -> None:
    await forgetful.ask(customer.email)
    page = "https://tickets.example/new-password?lang=fr"
    settings = job_resources.settings.model_copy(update={"password_reset_url": page})
    [payload] = await forgetful.payloads()
    changed = JobResources(
        settings, job_resources.postgres, job_resources.redis, job_resources.engine, job_resources.ids, Mailer(settings)
    )
    await send_reset_token(changed, payload)
    [file] = customer_mails(forgetful)
    body = message_from_bytes(file.read_bytes(), policy=default).get_body(("plain",))
    assert body
    assert re.search(
        r"https://tickets\.example/new-password\?lang=fr&token=\S{43}\r?$", body.get_content(), re.MULTILINE
    )


async def test_what_is_of_no_use_is_forgotten(
    forgetful: Forgetful, own: Api, job_resources: JobResources, customer: Account, postgres: Postgres
) -> None:
    """And nothing that is of use, however often the jobs run."""
    await forgetful.token_for(customer.email)
    await own("POST", "/v1/auth/signout", {})
    chores = [job for job in JOBS if job.schedule]
    async with postgres.acquire() as connection:
        for age, left in (("0 days", 1), ("40 hours", 1), ("3 days", 0)):
            await connection.execute("UPDATE password_resets SET expires_at = expires_at - $1::text::interval", age)
            await connection.execute("UPDATE token_revocations SET revoked_at = now() - $1::text::interval", age)
            for job in (*chores, *reversed(chores)):
                await job.run(job_resources, {})
            assert await connection.fetchval("SELECT count(*) FROM token_revocations") == left
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM password_resets") == 0
