"""Administrators give roles and places."""

from typing import Any

import pytest

from service.ids import Entity
from service.postgres import Postgres
from tests.service.backoffice.conftest import Assign, NewPlace
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import PASSWORD, Account, Factory

PATH = "/v1/admin/users"


@pytest.fixture
async def place(new_place: NewPlace) -> str:
    return Entity.PLACE.public(await new_place("Lumière"))


async def listed(boss: Caller, **params: str) -> list[str]:
    answer = await boss.get(PATH, **params)
    assert answer.status == 200, answer.body
    return [user["email"] for user in answer.body["users"]]


async def rename(postgres: Postgres, account: Account, name: str) -> None:
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE users SET name = $2 WHERE id = $1", account.user_id, name)


async def test_a_user_is_read_and_changed(boss: Caller, customer: Account, place: str, new_place: NewPlace) -> None:
    one = f"{PATH}/{customer.public_id}"
    user = (await boss.get(one)).body["user"]
    assert user == {
        "id": customer.public_id,
        "email": customer.email,
        "name": None,
        "role": "customer",
        "places": [],
        "created_at": user["created_at"],
    }
    other = Entity.PLACE.public(await new_place("Étoile"))
    changed = await boss.patch(one, {"role": "manager", "places": [place, other, place]})
    managed = {"role": "manager", "places": [{"id": place, "name": "Lumière"}, {"id": other, "name": "Étoile"}]}
    assert (changed.status, changed.body["user"]) == (200, user | managed)
    assert (await boss.get(one)).body == changed.body
    assert (await boss.patch(one, {})).body == changed.body
    fewer = (await boss.patch(one, {"places": [other]})).body["user"]["places"]
    assert [place["id"] for place in fewer] == [other]
    assert (await boss.patch(one, {"places": []})).body["user"]["places"] == []


async def test_places_do_not_come_back_with_the_role(boss: Caller, customer: Account, place: str) -> None:
    one = f"{PATH}/{customer.public_id}"
    assert (await boss.patch(one, {"role": "manager", "places": [place]})).status == 200
    for role in ("customer", "manager", "admin", "manager"):
        user = (await boss.patch(one, {"role": role})).body["user"]
        assert (user["role"], user["places"]) == (role, [])


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"role": "owner"}, "invalid_role"),
    ({"role": None}, "invalid_role"),
    ({"places": ["plc_1"]}, "invalid_places"),
    ({"places": ["mov_1"]}, "invalid_places"),
    ({"places": None}, "invalid_places"),
    ({"places": ["plc_1"] * 1_001}, "invalid_places"),
    ({"name": "Ada"}, "unknown_field"),
]


async def test_faulty_fields_are_named(boss: Caller, manager: Account) -> None:
    for change, code in FAULTS:
        assert (await boss.patch(f"{PATH}/{manager.public_id}", change)).refusal == (422, code), change
    assert (await boss.get(PATH, role="owner")).refusal == (422, "invalid_role")
    assert (await boss.get(PATH, q="")).refusal == (422, "invalid_q")


@pytest.mark.parametrize("role", ["customer", "admin"])
async def test_only_managers_have_places(
    boss: Caller, manager: Account, assign: Assign, new_place: NewPlace, role: str
) -> None:
    place_id = await new_place()
    await assign(manager, place_id)
    one, places = f"{PATH}/{manager.public_id}", [Entity.PLACE.public(place_id)]
    assert (await boss.patch(one, {"role": role, "places": places})).refusal == (422, "invalid_places")
    user = (await boss.get(one)).body["user"]
    assert (user["role"], len(user["places"])) == ("manager", 1)


async def test_an_unknown_or_erased_user_is_not_found(client: Client, boss: Caller, customer: Account) -> None:
    erased = await Caller(client, customer).call("DELETE", "/v1/me", json={"password": PASSWORD})
    assert erased.status == 204
    for user_id in ("usr_1", "mov_1", "x", customer.public_id):
        for answer in (await boss.get(f"{PATH}/{user_id}"), await boss.patch(f"{PATH}/{user_id}", {"role": "admin"})):
            assert answer.refusal == (404, "user_not_found")
    assert customer.email not in await listed(boss)


async def test_the_list_is_searched_by_words_that_begin_so(
    boss: Caller, admin: Account, postgres: Postgres, factory: Factory
) -> None:
    ada = await factory.user("manager", "a.lovelace@holdfast.example")
    eloise = await factory.user(email="eloise@numbers.example")
    await rename(postgres, ada, "Ada King")
    await rename(postgres, eloise, "Éloïse Añon")
    assert await listed(boss) == [eloise.email, ada.email, admin.email]
    found = {
        "love": [ada],
        "ADA k": [ada],
        "king holdfast": [ada],
        "eloïse": [eloise],
        "anon": [eloise],
        "lovelace@holdfast.example": [ada],
        "example": [eloise, ada],
        "ing": [],
        "ada anon": [],
        "&|!:*'\\ ada": [ada],
        "@": [],
    }
    for words, accounts in found.items():
        shown = [email for email in await listed(boss, q=words) if email != admin.email]
        assert shown == [account.email for account in accounts], words
    assert await listed(boss, role="manager") == [ada.email]
    assert await listed(boss, role="customer", q="ada") == []
    assert await listed(boss, role="manager", q="ada") == [ada.email]


@pytest.mark.parametrize("params", [{}, {"q": "user"}, {"role": "customer"}, {"role": "customer", "q": "example"}])
async def test_the_list_is_walked(boss: Caller, factory: Factory, params: dict[str, str]) -> None:
    accounts = [await factory.user() for _ in range(5)]
    walked = [user["email"] async for page in boss.pages(PATH, limit="2", **params) for user in page["users"]]
    expected = [account.email for account in reversed(accounts)]
    assert [email for email in walked if email in expected] == expected
    assert len(walked) == len(set(walked))


async def test_a_role_takes_effect_at_once_on_a_token_that_lives(
    client: Client, boss: Caller, manager: Account, factory: Factory
) -> None:
    showing = await factory.session()
    caller, one = Caller(client, manager), f"{PATH}/{manager.public_id}"
    session = f"/v1/admin/sessions/{showing.session}"
    assert (await caller.get(session)).refusal == (403, "forbidden")
    assert (await boss.patch(one, {"places": [showing.place]})).status == 200
    assert (await caller.get(session)).status == 200
    assert (await boss.patch(one, {"role": "customer"})).status == 200
    for refused in (await caller.get(session), await caller.get("/v1/admin/movies"), await caller.get(PATH)):
        assert refused.refusal == (403, "forbidden")
    assert (await caller.get("/v1/me")).status == 200
    assert (await boss.patch(one, {"role": "admin"})).status == 200
    assert (await caller.get(PATH)).status == 200


async def test_the_last_admin_keeps_role_and_account(client: Client, boss: Caller, admin: Account) -> None:
    for role in ("customer", "manager"):
        assert (await boss.patch(f"{PATH}/{admin.public_id}", {"role": role})).refusal == (409, "last_admin")
    assert (await boss.patch(f"{PATH}/{admin.public_id}", {"role": "admin"})).status == 200
    erased = await Caller(client, admin).call("DELETE", "/v1/me", json={"password": PASSWORD})
    assert erased.refusal == (409, "last_admin")
    assert (await boss.get("/v1/me")).body["user"]["role"] == "admin"


async def test_an_admin_who_is_not_the_last_may_go(client: Client, boss: Caller, factory: Factory) -> None:
    other = await factory.user("admin")
    erased = await Caller(client, other).call("DELETE", "/v1/me", json={"password": PASSWORD})
    assert erased.status == 204
    third = await factory.user("admin")
    assert (await boss.patch(f"{PATH}/{third.public_id}", {"role": "customer"})).status == 200
