"""What is refused before a handler is asked, or because one fails, in the format of the API whose path it is."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from multidict import CIMultiDict

from service.postgres import Postgres
from tests.service.api import Answer, Api
from tests.service.conftest import Client
from tests.service.discovery.conftest import MINE, error
from tests.service.factories import Account

POST = {"/discovery/v1": MINE, "/v1": "/v1/analytics/track"}
"""A path of each API that takes a body."""
GET = {"/discovery/v1": "/discovery/v1/movies/mov_1", "/v1": "/v1/movies/mov_1"}
"""A path of each API that reads Postgres."""
TOLD: dict[str, Callable[[Answer], tuple[int, str]]] = {
    "/discovery/v1": error,
    "/v1": lambda answer: answer.error,
}
"""Status and code, in each API's own format and in no other."""

both = pytest.mark.parametrize("prefix", TOLD)


def told(prefix: str, answer: Answer) -> tuple[int, str]:
    """Status and code in lower case, which is all that differs between the APIs' codes here."""
    status, code = TOLD[prefix](answer)
    assert code == (code.upper() if prefix == "/discovery/v1" else code.lower())
    return status, code.lower()


@both
async def test_400_that_is_not_json(client: Client, customer: Account, prefix: str) -> None:
    for body in (b"{", b"\xff", b'{"country": "\xed\xa0\x80"}', b"nothing"):
        answer = await sent(client, customer, POST[prefix], body)
        assert told(prefix, answer) == (400, "malformed_json")


@both
async def test_404_of_a_path(own: Api, prefix: str) -> None:
    for path in ("", "/", "/nothing", "/movies/mov_1/nothing", "/movies/"):
        for method in ("GET", "POST", "DELETE", "OPTIONS"):
            assert told(prefix, await own(method, f"{prefix}{path}")) == (404, "not_found")


async def test_404_beside_the_prefix(own: Api) -> None:
    for path in ("/discovery", "/discovery/", "/discovery/v2/genres", "/discovery/v1x"):
        assert (await own("GET", path)).error == (404, "not_found")


@both
async def test_405_with_what_is_allowed(own: Api, prefix: str) -> None:
    answer = await own("DELETE", f"{prefix}/movies")
    assert told(prefix, answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


async def test_405_of_each_path(own: Api) -> None:
    allowed = {
        "/genres": "GET, HEAD",
        "/countries": "GET, HEAD",
        "/movies/mov_1": "GET, HEAD",
        "/users/me/saved-movies": "GET, HEAD, POST",
        "/users/me/saved-movies/mov_1": "DELETE",
    }
    for path, methods in allowed.items():
        answer = await own("PATCH", f"/discovery/v1{path}")
        assert (error(answer), answer.headers["Allow"]) == ((405, "METHOD_NOT_ALLOWED"), methods)


@both
async def test_413_of_a_large_body(client: Client, customer: Account, prefix: str) -> None:
    answer = await sent(client, customer, POST[prefix], b" " * (64 * 1024 + 1))
    assert told(prefix, answer) == (413, "body_too_large")
    assert answer.headers["Connection"] == "close"
    at_most = await sent(client, customer, POST[prefix], b"{}".ljust(64 * 1024))
    assert at_most.status == 422


@both
async def test_415_of_another_type(client: Client, customer: Account, prefix: str) -> None:
    for content_type in ("text/plain", "application/json; charset=latin-1", "application/xml"):
        answer = await sent(client, customer, POST[prefix], b"{}", content_type)
        assert told(prefix, answer) == (415, "unsupported_media_type")


@both
async def test_500_tells_an_id_and_no_internals(own: Api, postgres: Postgres, prefix: str) -> None:
    async with postgres.acquire() as connection:
        await connection.execute("ALTER TABLE movies RENAME TO flicks")
    answer = await own("GET", GET[prefix], X_Request_Id="mine")
    assert told(prefix, answer) == (500, "internal_error")
    place: Any = answer.body["error"]["details"] if prefix == "/discovery/v1" else answer.body["errors"][0]
    assert place["request_id"] == answer.headers["X-Request-Id"] == "mine"
    assert "flicks" not in str(answer.body)


@both
async def test_500_tells_the_id_of_the_answer(own: Api, postgres: Postgres, prefix: str) -> None:
    async with postgres.acquire() as connection:
        await connection.execute("ALTER TABLE movies RENAME TO flicks")
    answer = await own("GET", GET[prefix])
    place: Any = answer.body["error"]["details"] if prefix == "/discovery/v1" else answer.body["errors"][0]
    assert re.fullmatch("[0-9a-f]{32}", place["request_id"])
    assert place["request_id"] == answer.headers["X-Request-Id"]


@both
async def test_503_when_postgres_does_not_answer(own: Api, postgres: Postgres, prefix: str) -> None:
    async with postgres.transaction() as connection:
        await connection.execute("LOCK TABLE movies")
        answer = await own("GET", GET[prefix])
    assert told(prefix, answer) == (503, "service_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


async def test_details_are_empty_where_there_is_nothing_to_say(api: Api) -> None:
    answer = await api("GET", "/discovery/v1/movies/mov_1")
    assert answer.body == {"error": {"code": "MOVIE_NOT_FOUND", "message": "No such movie.", "details": {}}}
    assert answer.headers["Content-Type"].startswith("application/json")


async def sent(
    client: Client, account: Account, path: str, body: bytes, content_type: str = "application/json"
) -> Answer:
    headers = account.headers | {"Content-Type": content_type}
    async with client.post(path, data=body, headers=headers) as answer:
        return Answer(answer.status, await answer.json(), CIMultiDict(answer.headers))
