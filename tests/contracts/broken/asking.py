"""Requests that would be fine but for one fault, and what is expected of every refusal."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, cast

import orjson
from aiohttp import web
from aiohttp.test_utils import TestClient
from yarl import URL

from service.app import APIS, CINEMA
from service.http.endpoint import Endpoint
from service.openapi import document
from service.resources import Resources
from tests.service.factories import Account

DOCUMENT = document(APIS)
ENDPOINTS = [endpoint for endpoints in CINEMA.tags.values() for endpoint in endpoints]
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Service:
    """The running service and an admin, who may do everything."""

    client: TestClient[web.Request, web.Application]
    resources: Resources
    admin: Account


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error."""

    status: int
    errors: list[dict[str, Any]]
    headers: Mapping[str, str]

    @property
    def codes(self) -> list[str]:
        return [error["code"] for error in self.errors]


def name_of(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def operation_of(endpoint: Endpoint) -> dict[str, Any]:
    """What the document says of the endpoint."""
    return cast("dict[str, Any]", DOCUMENT["paths"][endpoint.path][endpoint.method.lower()])


def body_schema(endpoint: Endpoint) -> dict[str, Any]:
    """The schema of the endpoint's body, with what it refers to."""
    schema = operation_of(endpoint)["requestBody"]["content"]["application/json"]["schema"]
    return {**schema, "components": DOCUMENT["components"]}


def good_body(endpoint: Endpoint) -> Any:
    """The body that the document gives as an example; None where there is none."""
    if endpoint.body is None:
        return None
    return deepcopy(operation_of(endpoint)["requestBody"]["content"]["application/json"]["example"])


def good_path(endpoint: Endpoint, **ids: str) -> str:
    """The endpoint's path with well-formed ids of rows that do not exist, but for those given."""
    numbers = {name: entity.public(1) for name, entity, _ in endpoint.path_ids}
    return endpoint.path.format_map(numbers | ids)


async def ask(
    service: Service,
    endpoint: Endpoint,
    *,
    method: str | None = None,
    path: str | None = None,
    query: str = "",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> Refusal:
    """Send a request that is good but for what is given (`path` and `query` as they go over the wire).

    Whatever the fault, the answer is an error in the API's own format, and one that the document has.
    """
    if body is None and endpoint.body is not None:
        body = orjson.dumps(good_body(endpoint))
    sent = {**service.admin.headers, **JSON, **(headers or {})}
    url = URL(f"{service.client.make_url('')}".rstrip("/") + (path or good_path(endpoint)) + query, encoded=True)
    async with service.client.session.request(
        method or endpoint.method,
        url,
        data=body,
        headers={name: value for name, value in sent.items() if name not in without},
        skip_auto_headers=without,
    ) as answer:
        raw = await answer.read()
        assert answer.status != 500, raw
        assert answer.content_type == "application/json", (answer.status, raw)
        assert answer.headers["X-Request-Id"]
        refusal = Refusal(answer.status, orjson.loads(raw)["errors"], answer.headers)
    for error in refusal.errors:
        assert error["code"]
        assert error["message"].endswith(".")
    if method is None:
        assert str(refusal.status) in operation_of(endpoint)["responses"]
    return refusal
