"""POST /v1/analytics/track."""

import asyncio
from typing import Any

import pytest

from service.postgres import Postgres
from service.resources import Resources
from service.tracking.schemas import Page, Visit
from tests.service.api import Api, anonymous, as_user, with_token
from tests.service.conftest import Client
from tests.service.factories import Account
from tests.service.query_log import logged_queries


def visit(**page: Any) -> dict[str, Any]:
    place = {"scheme": "https", "path": "/movies", "query": {}} | page
    return {"tracking_id": "visitor-1", "type": "page_enter", "page": place}


@pytest.fixture
def api(client: Client) -> Api:
    return anonymous(client)


async def track(api: Api, body: Any) -> set[tuple[str, str]]:
    """The faults."""
    answer = await api("POST", "/v1/analytics/track", body)
    return set() if answer.status == 204 else answer.faults


async def rows(postgres: Postgres) -> list[tuple[Any, ...]]:
    async with postgres.acquire() as connection:
        found = await connection.fetch(
            "SELECT tracking_id, type, scheme, path, query, user_id FROM page_visits ORDER BY id"
        )
    return [tuple(row) for row in found]


async def test_the_row_is_there_when_the_answer_is(api: Api, postgres: Postgres) -> None:
    query = {"utm": "mail", "genre": ["drama", "comedy"], "empty": "", "none": [], "é": "ü"}
    answer = await api("POST", "/v1/analytics/track", visit(query=query) | {"type": "page_exit"})
    assert (answer.status, answer.body) == (204, None)
    assert await rows(postgres) == [("visitor-1", "page_exit", "https", "/movies", query, None)]


async def test_a_token_tells_the_user(client: Client, customer: Account, postgres: Postgres) -> None:
    assert await track(as_user(client, customer), visit()) == set()
    assert (await rows(postgres))[0][-1] == customer.user_id


async def test_a_bad_token_is_refused(client: Client, postgres: Postgres) -> None:
    answer = await with_token(client, "x.y.z")("POST", "/v1/analytics/track", visit())
    assert answer.error == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert await rows(postgres) == []


async def test_every_fault_by_its_place(api: Api) -> None:
    assert await track(api, {"type": "page_view", "page": {"path": 5, "query": {"a": 1}, "host": "x"}, "at": 1}) == {
        ("missing_tracking_id", "tracking_id"),
        ("invalid_type", "type"),
        ("missing_scheme", "page.scheme"),
        ("invalid_path", "page.path"),
        ("invalid_query", "page.query"),
        ("unknown_field", "page.host"),
        ("unknown_field", "at"),
    }
    assert await track(api, {}) == {
        ("missing_tracking_id", "tracking_id"),
        ("missing_type", "type"),
        ("missing_page", "page"),
    }
    assert await track(api, visit() | {"page": "/"}) == {("invalid_page", "page")}


@pytest.mark.parametrize(
    "query",
    [
        None,
        [],
        "a=b",
        {"a": 1},
        {"a": None},
        {"a": ["b", 1]},
        {"a": [["b"]]},
        {"a": {"b": "c"}},
        {"a": "\0"},
        {"\0": "a"},
        {"a": ["\0"]},
        {"x" * 513: ""},
        {"a": "x" * 8_193},
        {"a": ["x"] * 257},
        {str(number): "" for number in range(257)},
    ],
)
async def test_queries_that_are_refused(api: Api, query: object) -> None:
    assert await track(api, visit(query=query)) == {("invalid_query", "page.query")}


@pytest.mark.parametrize("tracking_id", ["", "x" * 129, "a\0", 5, None])
async def test_tracking_ids_that_are_refused(api: Api, tracking_id: object) -> None:
    assert await track(api, visit() | {"tracking_id": tracking_id}) == {("invalid_tracking_id", "tracking_id")}


@pytest.mark.parametrize("tracking_id", ["x", "é" * 128])
async def test_bounds_of_tracking_ids(api: Api, tracking_id: str) -> None:
    assert await track(api, visit() | {"tracking_id": tracking_id}) == set()


@pytest.mark.parametrize(("part", "longest"), [("scheme", 64), ("path", 8_192)])
async def test_bounds_of_the_parts(api: Api, part: str, longest: int) -> None:
    assert await track(api, visit(**{part: "x" * longest})) == set()
    for text in ("", "x" * (longest + 1), "a\0"):
        assert await track(api, visit(**{part: text})) == {(f"invalid_{part}", f"page.{part}")}


async def test_those_at_once_share_an_insert(resources: Resources, postgres: Postgres, customer: Account) -> None:
    page = Page(scheme="https", path="/", query={})
    entered = Visit(tracking_id="t", type="page_enter", page=page)
    async with logged_queries(postgres) as log:
        await asyncio.gather(*(resources.visits.record(entered, customer.user_id) for _ in range(300)))
    assert len(await rows(postgres)) == 300
    assert sum("INSERT INTO page_visits" in query for query in log) <= 2


async def test_an_erased_or_unknown_user_does_not_fail_the_neighbours(
    resources: Resources, postgres: Postgres, customer: Account, admin: Account
) -> None:
    async with postgres.acquire() as connection:
        await connection.execute(
            "UPDATE users SET email = NULL, password_hash = NULL, erased_at = now() WHERE id = $1", customer.user_id
        )
    entered = Visit(tracking_id="t", type="page_enter", page=Page(scheme="https", path="/", query={}))
    users = [customer.user_id, admin.user_id, 4_711, None]
    await asyncio.gather(*(resources.visits.record(entered, user) for user in users))
    assert [row[-1] for row in await rows(postgres)] == [None, admin.user_id, None, None]
