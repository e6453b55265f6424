"""Who may do what: every role at every endpoint, and managers at their own places only."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from service.backoffice.routes import ENDPOINTS
from service.postgres import Postgres
from tests.service.backoffice.conftest import MOVIE, PLACE, Assign, NewSession
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account, Showing

BODIES: Mapping[tuple[str, str], dict[str, Any]] = {
    ("POST", "movies"): MOVIE,
    ("POST", "places"): PLACE,
    ("POST", "sessions"): {"starts_at": "2031-06-05T20:00:00Z", "price": 1},
}
MANAGED = {("GET", "movies"), ("GET", "places")} | set(product(("GET", "POST", "PATCH", "DELETE"), ["sessions"]))
"""What a manager may do."""
SUCCESS = {"POST": 201, "GET": 200, "PATCH": 200, "DELETE": 204}
CASES = [(endpoint.method, endpoint.path) for endpoint in ENDPOINTS]


async def attempt(caller: Caller, method: str, path: str, showing: Showing) -> tuple[int, str | None]:
    """The status and the code of a well-formed request to the endpoint."""
    kind = path.split("/")[3]
    body = BODIES.get((method, kind), {})
    if (method, kind) == ("POST", "sessions"):
        body = body | {"movie_id": showing.movie, "place_id": showing.place}
    path = path.format(movie_id=showing.movie, place_id=showing.place, session_id=showing.session)
    answer = await caller.call(method, path, **({} if method == "GET" else {"json": body}))
    return answer.status, answer.codes[0] if answer.status >= 400 else None


@pytest.mark.parametrize(("method", "path"), CASES)
async def test_every_role_at_every_endpoint(
    client: Client,
    admin: Account,
    manager: Account,
    customer: Account,
    assign: Assign,
    new_session: NewSession,
    method: str,
    path: str,
) -> None:
    showing = await new_session()
    await assign(manager, showing.place_id)
    success = (SUCCESS[method], None)
    allowed = (method, path.split("/")[3]) in MANAGED
    assert await attempt(Caller(client), method, path, showing) == (401, "missing_token")
    assert await attempt(Caller(client, customer), method, path, showing) == (403, "forbidden")
    assert await attempt(Caller(client, manager), method, path, showing) == (success if allowed else (403, "forbidden"))
    fresh = await new_session()
    assert await attempt(Caller(client, admin), method, path, fresh) == success


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "POST"])
async def test_a_manager_has_no_say_at_a_foreign_place(scheduler: Caller, new_session: NewSession, method: str) -> None:
    showing = await new_session()
    path = "/v1/admin/sessions" if method == "POST" else "/v1/admin/sessions/{session_id}"
    assert await attempt(scheduler, method, path, showing) == (403, "forbidden")


async def test_a_manager_lists_the_sessions_of_own_places(
    scheduler: Caller, manager: Account, assign: Assign, new_session: NewSession
) -> None:
    own, also_own, foreign = [await new_session() for _ in range(3)]
    await assign(manager, own.place_id)
    await assign(manager, also_own.place_id)

    async def listed(**params: str) -> list[str]:
        answer = await scheduler.get("/v1/admin/sessions", **params)
        return [session["id"] for session in answer.body["sessions"]]

    assert await listed() == [also_own.session, own.session]
    assert await listed(place=own.place) == [own.session]
    assert await listed(place=foreign.place) == []


async def test_moving_a_session_needs_both_places(
    scheduler: Caller, manager: Account, assign: Assign, new_session: NewSession
) -> None:
    own, other = await new_session(), await new_session()
    await assign(manager, own.place_id)
    one, move = f"/v1/admin/sessions/{own.session}", {"place_id": other.place, "starts_at": "2031-06-05T20:00:00Z"}
    assert (await scheduler.patch(one, move)).refusal == (403, "forbidden")
    back = {"place_id": own.place, "starts_at": "2031-06-05T20:00:00Z"}
    assert (await scheduler.patch(f"/v1/admin/sessions/{other.session}", back)).refusal == (403, "forbidden")
    await assign(manager, other.place_id)
    assert (await scheduler.patch(one, move)).status == 200


async def test_a_demotion_works_at_once(boss: Caller, admin: Account, manager: Account, postgres: Postgres) -> None:
    assert (await boss.get("/v1/admin/movies")).status == 200
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE users SET role = 'admin' WHERE id = $1", manager.user_id)
        await connection.execute("UPDATE users SET role = 'customer' WHERE id = $1", admin.user_id)
    assert (await boss.get("/v1/admin/movies")).refusal == (403, "forbidden")
