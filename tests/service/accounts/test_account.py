"""GET and PATCH /v1/me."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.service.api import Api, as_user
from tests.service.conftest import Client
from tests.service.factories import Account


async def test_the_callers_own_account(own: Api, customer: Account) -> None:
    answer = await own("GET", "/v1/me")
    assert answer.status == 200
    created_at = answer.body["user"].pop("created_at")
    assert datetime.now(UTC) - datetime.fromisoformat(created_at) < timedelta(minutes=1)
    assert answer.body == {
        "user": {
            "id": customer.public_id,
            "email": customer.email,
            "name": None,
            "date_of_birth": None,
            "role": "customer",
        }
    }


async def test_the_role(client: Client, admin: Account) -> None:
    assert (await as_user(client, admin)("GET", "/v1/me")).body["user"]["role"] == "admin"


async def test_fields_left_out_stay_and_null_empties_one(own: Api) -> None:
    async def change(**fields: str | None) -> tuple[str | None, str | None]:
        answer = await own("PATCH", "/v1/me", fields)
        assert answer.status == 200, answer.body
        user = answer.body["user"]
        assert (await own("GET", "/v1/me")).body == answer.body
        return user["name"], user["date_of_birth"]

    assert await change(name="Ada Lovelace") == ("Ada Lovelace", None)
    assert await change(date_of_birth="1990-12-10") == ("Ada Lovelace", "1990-12-10")
    assert await change() == ("Ada Lovelace", "1990-12-10")
    assert await change(name=None) == (None, "1990-12-10")
    assert await change(name="É" * 200, date_of_birth=None) == ("É" * 200, None)


@pytest.mark.parametrize("name", ["", "x" * 201, "a\0b", 5, ["Ada"], {}])
async def test_names_that_are_refused(own: Api, name: object) -> None:
    assert (await own("PATCH", "/v1/me", {"name": name})).faults == {("invalid_name", "name")}


def in_days(days: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=days))


@pytest.mark.parametrize("day", ["1900-01-01", "2000-02-29"])
async def test_birth_dates(own: Api, day: str) -> None:
    answer = await own("PATCH", "/v1/me", {"date_of_birth": day})
    assert answer.body["user"]["date_of_birth"] == day


async def test_nobody_is_born_in_the_future(own: Api) -> None:
    """Where it is tomorrow already, that is today; the day after that is nobody's."""
    today = in_days(0)
    assert (await own("PATCH", "/v1/me", {"date_of_birth": today})).body["user"]["date_of_birth"] == today
    answer = await own("PATCH", "/v1/me", {"date_of_birth": in_days(2)})
    assert answer.faults == {("invalid_date_of_birth", "date_of_birth")}


@pytest.mark.parametrize(
    "day",
    [
        "",
        "1899-12-31",
        "9999-12-31",
        "2001-02-29",
        "1990-1-1",
        "19900101",
        "0",
        "631152000",
        "1990-01-01T00:00",
    ],
)
async def test_birth_dates_that_are_refused(own: Api, day: str) -> None:
    answer = await own("PATCH", "/v1/me", {"date_of_birth": day})
    assert answer.faults == {("invalid_date_of_birth", "date_of_birth")}


@pytest.mark.parametrize("day", [0, 1.5, True, [], {}])
async def test_birth_dates_of_another_type(own: Api, day: object) -> None:
    answer = await own("PATCH", "/v1/me", {"date_of_birth": day})
    assert answer.faults == {("invalid_date_of_birth", "date_of_birth")}


async def test_what_cannot_be_changed_is_refused_by_name(own: Api) -> None:
    answer = await own("PATCH", "/v1/me", {"role": "admin", "email": "ada@example.com", "name": 1})
    assert answer.faults == {("unknown_field", "role"), ("unknown_field", "email"), ("invalid_name", "name")}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_needs_a_token(api: Api, method: str) -> None:
    assert (await api(method, "/v1/me", {})).error == (401, "missing_token")
