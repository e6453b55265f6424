"""Requests that would be fine but for one fault, and what is expected of every refusal."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

import jsonschema_rs
import orjson
from aiohttp import web
from aiohttp.test_utils import TestClient
from pydantic import BaseModel
from yarl import URL

from service.app import APIS
from service.http.bearer import ME
from service.http.endpoint import Access, Endpoint
from service.http.serving import OWNER_ID
from service.openapi import document
from service.resources import Resources
from tests.contracts.broken.reading import read
from tests.service.factories import Account
from tests.service.posters.pictures import picture

DOCUMENT = document(APIS)
ENDPOINTS = [
    replace(endpoint, path=f"{api.prefix}{endpoint.path}")
    for api in APIS
    for endpoints in api.tags.values()
    for endpoint in endpoints
]
"""Those of all APIs, with their whole paths."""
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Service:
    """The running service and an admin, who may do everything."""

    client: TestClient[web.Request, web.Application]
    resources: Resources
    admin: Account


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error, with status, codes and faults of the service, whatever the API makes of them."""

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
    """The endpoint's path with well-formed ids of rows that do not exist, but for those given and the admin's own."""
    numbers = {name: entity.public(1) for name, entity, _ in endpoint.path_ids}
    if endpoint.access is Access.OWNER:
        numbers[OWNER_ID] = ME
    return endpoint.path.format_map(numbers | ids)


def ignores_unknown(model: type[BaseModel] | None) -> bool:
    """Whether clients may send more than the model has."""
    return model is not None and model.model_config["extra"] == "ignore"


def parameters(endpoint: Endpoint) -> dict[str, dict[str, Any]]:
    """The schemas of the query's parameters by name."""
    return {parameter["name"]: parameter["schema"] for parameter in _query(endpoint)}


def good_query(endpoint: Endpoint, given: str) -> str:
    """The query `given` (as it goes over the wire) and what else the endpoint demands."""
    names = {part.partition("=")[0] for part in given.split("&")}
    demanded = [one for one in _query(endpoint) if one["required"] and one["name"] not in names]
    parts = [f"{one['name']}={one['schema']['examples'][0]}" for one in demanded]
    return "&".join([*filter(None, [given]), *parts])


def _query(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [parameter for parameter in operation_of(endpoint)["parameters"] if parameter.get("in") == "query"]


@cache
def _validator(path: str, method: str, status: str) -> jsonschema_rs.Validator:
    content = DOCUMENT["paths"][path][method]["responses"][status]["content"]
    schema = {**content["application/json"]["schema"], "components": DOCUMENT["components"]}
    return jsonschema_rs.validator_for(schema, validate_formats=True)


async def ask(
    service: Service,
    endpoint: Endpoint,
    *,
    method: str | None = None,
    path: str | None = None,
    query: str = "",
    demanded: bool = True,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> Refusal:
    """Send a request that is good but for what is given (`path` and `query` as they go over the wire).

    With `demanded`, the query has what the endpoint demands and `query` lacks.

    Whatever the fault, the answer is an error in the API's own format, and one that the document has.
    """
    if body is None and endpoint.body is not None:
        body = orjson.dumps(good_body(endpoint))
    if body is None and "image/jpeg" in endpoint.uploads:
        body = picture("JPEG")
    media_type = {"Content-Type": next(iter(endpoint.uploads), JSON["Content-Type"])}
    path = path or good_path(endpoint)
    sent = {**service.admin.headers, **media_type, **(headers or {})}
    base = f"{service.client.make_url('')}".rstrip("/")
    async with service.client.session.request(
        method or endpoint.method,
        URL(f"{base}{path}?{good_query(endpoint, query) if demanded else query}".rstrip("?"), encoded=True),
        data=body,
        headers={name: value for name, value in sent.items() if name not in without},
        skip_auto_headers=without,
    ) as answer:
        raw = await answer.read()
        assert answer.status != 500, raw
        assert answer.content_type == "application/json", (answer.status, raw)
        assert answer.headers["X-Request-Id"]
        refusal = Refusal(*read(path, answer.status, orjson.loads(raw)), answer.headers)
    for error in refusal.errors:
        assert error["code"]
        assert error["message"].endswith(".")
    if method is None:
        _validator(endpoint.path, endpoint.method.lower(), str(answer.status)).validate(orjson.loads(raw))
    return refusal
