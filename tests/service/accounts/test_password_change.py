"""POST /v1/me/password."""

import asyncio

import pytest

from service.postgres import Postgres
from service.resources import Resources
from tests.service.api import Answer, Api, as_user, with_token
from tests.service.conftest import Client
from tests.service.factories import PASSWORD, Account

NEW = "a different one"


async def change(own: Api, current: str = PASSWORD, new: str = NEW) -> Answer:
    return await own("POST", "/v1/me/password", {"current": current, "new": new})


async def sign_in(api: Api, email: str, password: str) -> int:
    return (await api("POST", "/v1/auth/signin", {"email": email, "password": password})).status


async def test_replaces_the_password(own: Api, api: Api, customer: Account) -> None:
    answer = await change(own)
    assert (answer.status, answer.body) == (204, None)
    assert await sign_in(api, customer.email, NEW) == 200
    assert await sign_in(api, customer.email, PASSWORD) == 401


async def test_other_tokens_end_and_this_one_stays(
    own: Api, api: Api, client: Client, customer: Account, resources: Resources
) -> None:
    other = with_token(client, resources.tokens.issue(customer.user_id, "customer", 0))
    assert (await other("GET", "/v1/me")).status == 200
    await change(own)
    assert (await other("GET", "/v1/me")).error == (401, "invalid_token")
    assert (await own("GET", "/v1/me")).status == 200

    signed_in = await api("POST", "/v1/auth/signin", {"email": customer.email, "password": NEW})
    newest = with_token(client, signed_in.body["token"])
    assert (await change(newest, NEW, "a third one")).status == 204
    assert (await own("GET", "/v1/me")).error == (401, "invalid_token")
    assert (await newest("GET", "/v1/me")).status == 200


async def test_a_wrong_current_password(own: Api, api: Api, customer: Account) -> None:
    assert (await change(own, "wrong password")).error == (401, "invalid_credentials")
    assert await sign_in(api, customer.email, PASSWORD) == 200


async def test_guesses_count_with_those_at_sign_in(own: Api, api: Api, customer: Account) -> None:
    for _ in range(5):
        await change(own, "wrong password")
        await sign_in(api, customer.email, "wrong password")
    assert (await change(own)).error == (429, "rate_limited")
    assert await sign_in(api, customer.email, PASSWORD) == 429


@pytest.mark.parametrize("new", ["1234567", "x" * 129, 5, None])
async def test_bounds_of_the_new_password(own: Api, new: object) -> None:
    answer = await own("POST", "/v1/me/password", {"current": PASSWORD, "new": new})
    assert answer.faults == {("invalid_new", "new")}


async def test_of_two_at_once_one_wins(own: Api, api: Api, customer: Account, postgres: Postgres) -> None:
    """Without the old hash in the update's condition both answer 204, and one of them lies."""
    passwords = ["the first one", "the second one"]
    answers = await asyncio.gather(*(change(own, PASSWORD, password) for password in passwords))
    assert sorted(answer.status for answer in answers) == [204, 401]
    winner = passwords[[answer.status for answer in answers].index(204)]
    assert await sign_in(api, customer.email, winner) == 200
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT token_generation FROM users") == 1
        assert await connection.fetchval("SELECT count(*) FROM token_revocations") == 1


async def test_a_token_issued_for_the_old_password_meanwhile_is_no_good(
    own: Api, client: Client, customer: Account, resources: Resources
) -> None:
    """A sign-in that read the old row before the change and issues its token after it."""
    await change(own)
    late = with_token(client, resources.tokens.issue(customer.user_id, "customer", 0))
    assert (await late("GET", "/v1/me")).error == (401, "invalid_token")


async def test_needs_a_token(api: Api, client: Client, customer: Account) -> None:
    assert (await change(api)).error == (401, "missing_token")
    assert (await change(as_user(client, customer))).status == 204
