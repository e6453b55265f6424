"""POST /ticketing/user/register/."""

import asyncio
from typing import Any

import pytest

from service.postgres import Postgres
from service.settings import Settings
from tests.service.api import Answer, Api
from tests.service.factories import PASSWORD
from tests.service.ticketing.conftest import refused

PATH = "/ticketing/user/register/"
ADA = {"name": "Ada Lovelace", "email": "ada@example.com", "password": PASSWORD}


async def register(api: Api, **fields: Any) -> Answer:
    """Fields that are `...` are left out."""
    return await api("POST", PATH, {name: value for name, value in (ADA | fields).items() if value is not ...})


async def test_the_account_is_one_for_all_apis(api: Api, postgres: Postgres) -> None:
    answer = await register(api, more="is ignored")
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (201, None, "0")
    signed_in = await api("POST", "/v1/auth/signin", {"email": "ada@example.com", "password": PASSWORD})
    assert signed_in.status == 200
    own = Api(api.client, {"Authorization": f"Bearer {signed_in.body['token']}"})
    user = (await own("GET", "/v1/me")).body["user"]
    assert (user["name"], user["email"], user["role"]) == ("Ada Lovelace", "ada@example.com", "customer")


FAULTS: list[tuple[str, list[Any], str]] = [
    ("name", ["", None, ...], "USER-08"),
    ("email", ["", None, ...], "USER-07"),
    ("password", ["", None, ...], "USER-02"),
    ("email", ["ada", "ada@", "@example.com", "a b@example.com", "a" * 243 + "@example.com", "a\0@b.fr", 5], "USER-10"),
    ("password", ["short", "x" * 7, "x" * 129, 12345678], "USER-11"),
    ("name", ["x" * 201, "a\0b", 5, ["Ada"]], "SYS-01"),
]


@pytest.mark.parametrize(("field", "values", "code"), FAULTS)
async def test_faults(api: Api, field: str, values: list[Any], code: str) -> None:
    for value in values:
        answer = await register(api, **{field: value})
        assert refused(answer) == (400, code), value
        assert answer.body["error"].startswith(f"{field}: ")


async def test_the_first_of_several_faults_names_them_all(api: Api) -> None:
    answer = await register(api, name="", email="ada", password=...)
    assert refused(answer) == (400, "USER-08")
    assert [line.partition(":")[0] for line in answer.body["error"].split("\n")] == ["name", "email", "password"]


async def test_a_taken_address(api: Api) -> None:
    assert (await register(api)).status == 201
    for email in ("ada@example.com", "ADA@example.com", "Ada@EXAMPLE.com"):
        assert refused(await register(api, email=email)) == (400, "USER-09")
    assert (await api("POST", "/v1/auth/signup", {"email": "ada@example.com", "password": PASSWORD})).status == 409


async def test_an_address_that_was_taken_elsewhere(api: Api) -> None:
    assert (await api("POST", "/v1/auth/signup", {"email": "ada@example.com", "password": PASSWORD})).status == 201
    assert refused(await register(api)) == (400, "USER-09")


async def test_of_many_at_once_one_gets_the_address(api: Api, postgres: Postgres) -> None:
    """With a lookup before the insert in place of the constraint, several of them pass it and the others are 500."""
    answers = await asyncio.gather(
        *(register(api, email=email) for email in ["ada@example.com", "Ada@example.com"] * 6)
    )
    assert sorted(answer.status for answer in answers) == [201] + [400] * 11
    assert {refused(answer) for answer in answers if answer.status == 400} == {(400, "USER-09")}
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM users") == 1


class TestLimit:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"signups_per_hour": 3})

    async def test_it_is_that_of_all_apis(self, api: Api) -> None:
        for number in range(2):
            assert (await register(api, email=f"ada{number}@example.com")).status == 201
        body = {"email": "elsewhere@example.com", "password": PASSWORD}
        assert (await api("POST", "/v1/auth/signup", body)).status == 201
        answer = await register(api)
        assert refused(answer) == (429, "SYS-02")
        assert int(answer.headers["Retry-After"]) > 0
