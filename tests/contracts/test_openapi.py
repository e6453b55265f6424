"""The OpenAPI document says what the service does, and the page that shows it needs nobody else."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.app import APIS
from service.http.api import Api
from service.openapi import document
from tests.service.conftest import Client

ROOT = Path(__file__).parents[2]
DOCUMENT = document(APIS)
OPERATIONS = {
    f"{method} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
TABLES = re.split(r"\n(?=## )", DOCUMENT["info"]["description"])
"""What the description says of each API."""
UNDOCUMENTED = {"/openapi.json", "/docs", "/metrics", "/book/{session_id}", "/console", "/assets/{version}/{name}"}
"""Not part of the API: its documentation, pages, and what the operator's Prometheus reads in a format of its own."""

CINEMA_CODES = [
    "malformed_json",
    "invalid_cursor",
    "missing_token",
    "invalid_token",
    "expired_token",
    "invalid_credentials",
    "forbidden",
    "not_found",
    "movie_not_found",
    "place_not_found",
    "session_not_found",
    "booking_not_found",
    "seat_plan_not_found",
    "method_not_allowed",
    "body_too_large",
    "unsupported_media_type",
    "email_taken",
    "seats_unavailable",
    "no_seats_reserved",
    "booking_confirmed",
    "booking_cancelled",
    "booking_confirming",
    "session_started",
    "session_cancelled",
    "too_many_open_bookings",
    "booking_expired",
    "unknown_field",
    "unknown_parameter",
    "rate_limited",
    "internal_error",
    "service_unavailable",
    "idempotency_key_reused",
    "idempotency_in_progress",
    "session_overlaps",
    "has_bookings",
    "capacity_below_sold",
    "import_in_progress",
    "import_refused",
    "upload_interrupted",
    "user_not_found",
    "last_admin",
    "genre_not_found",
    "actor_not_found",
    "name_taken",
    "booking_not_confirmed",
    "refund_too_late",
    "poster_not_found",
    "job_not_found",
    "job_not_failed",
    "job_waiting",
]
DISCOVERY_CODES = [
    "MALFORMED_JSON",
    "UNAUTHORIZED",
    "FORBIDDEN",
    "NOT_FOUND",
    "MOVIE_NOT_FOUND",
    "GENRE_NOT_FOUND",
    "USER_NOT_FOUND",
    "NOT_SAVED",
    "METHOD_NOT_ALLOWED",
    "DUPLICATE_SAVE",
    "BODY_TOO_LARGE",
    "UNSUPPORTED_MEDIA_TYPE",
    "VALIDATION_ERROR",
    "UNAVAILABLE_IN_COUNTRY",
    "INTERNAL_ERROR",
    "SERVICE_UNAVAILABLE",
]
TICKETING_CODES = [
    *("SYS-01", "SYS-02", "SYS-03"),
    *(f"USER-{number:02}" for number in range(1, 12)),
    *(f"EVENT-{number:02}" for number in range(1, 8)),
    *(f"TICKET-{number:02}" for number in range(1, 5)),
    *("WAITLIST-01", "WAITLIST-02"),
    *("DB-01", "DB-02", "DB-03"),
]
CODES = {"": CINEMA_CODES, "/discovery/v1": DISCOVERY_CODES, "/ticketing": TICKETING_CODES}
"""Those of each API, by its prefix."""
NOT_OF_AN_OPERATION = {"not_found", "method_not_allowed", "NOT_FOUND", "METHOD_NOT_ALLOWED"}
"""What is answered where there is no operation: only the table in the description has them."""


def test_the_document_is_valid() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_it_has_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert DOCUMENT["info"]["version"] == project["version"]


def test_routes_and_operations_are_the_same(app: web.Application) -> None:
    routes = {
        f"{route.method.lower()} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource and route.method != "HEAD" and not is_undocumented(route.resource.canonical)
    }
    assert routes == set(OPERATIONS)


def test_operation_ids_are_unique() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.prefix)
def test_every_endpoint_is_documented_under_its_tag(api: Api) -> None:
    for tag, endpoints in api.tags.items():
        assert tag in [described["name"] for described in DOCUMENT["tags"]]
        for endpoint in endpoints:
            assert OPERATIONS[f"{endpoint.method.lower()} {api.prefix}{endpoint.path}"]["tags"] == [tag]


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.prefix)
def test_the_codes_of_an_api_are_documented_with_it_and_no_others(api: Api) -> None:
    of_operations = {code for name, response in responses() if is_of(api, name) for code in codes_of(response)}
    assert of_operations == set(CODES[api.prefix]) - NOT_OF_AN_OPERATION
    [table] = [part for part in TABLES if part.startswith(api.dialect.conventions)]
    of_table = set(re.findall(r"`([\w-]+)`", "".join(re.findall(r"^\| \d+ \|([^|]+)\|", table, re.MULTILINE))))
    assert of_table == set(CODES[api.prefix])


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_are_described(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["tags"]
    assert "security" in operation
    of_faults = "400" if name.partition(" ")[2].startswith("/ticketing/") else "422"
    assert {of_faults, "500", "503"} <= operation["responses"].keys()


def test_each_operation_of_discovery_has_the_statuses_that_occur() -> None:
    of_lists = {"200", "422", "500", "503"}
    of_users = {"401", "403", "404"}
    of_bodies = {"400", "413", "415"}
    expected = {
        "get /genres": of_lists,
        "get /countries": of_lists,
        "get /movies": of_lists | {"404"},
        "get /movies/{movie_id}": of_lists | {"404"},
        "get /users/{user_id}/saved-movies": of_lists | of_users,
        "post /users/{user_id}/saved-movies": of_users | of_bodies | {"201", "409", "422", "500", "503"},
        "delete /users/{user_id}/saved-movies/{movie_id}": of_users | of_bodies | {"204", "422", "500", "503"},
    }
    found = {name: set(operation["responses"]) for name, operation in OPERATIONS.items() if "/discovery/v1" in name}
    assert found == {name.replace(" ", " /discovery/v1"): statuses for name, statuses in expected.items()}


def test_the_choices_of_parameters_are_listed() -> None:
    movies = parameters("get /discovery/v1/movies")
    assert len(movies["country"]["enum"]) == 249
    assert {"FR", "GB"} <= set(movies["country"]["enum"])
    assert movies["country"]["examples"] == ["FR"]
    assert movies["sort"]["enum"] == ["-year", "year"]
    saved = parameters("get /discovery/v1/users/{user_id}/saved-movies")
    assert saved["sort"]["enum"] == ["-date_added", "date_added"]
    assert {"const": "me"} in saved["user_id"]["anyOf"]


def test_the_token_may_be_left_out_where_it_is_optional() -> None:
    assert OPERATIONS["post /v1/analytics/track"]["security"] == [{}, {"bearerAuth": []}]
    assert OPERATIONS["post /v1/auth/signin"]["security"] == []
    assert OPERATIONS["get /v1/me"]["security"] == [{"bearerAuth": []}]


def test_examples_obey_their_schemas() -> None:
    contents = list(contents_with_examples())
    assert len(contents) > 100
    for where, schema, value in contents:
        validator = jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]}, validate_formats=True)
        assert validator.is_valid(value), (where, value)


def test_every_body_and_answer_has_an_example() -> None:
    for name, operation in OPERATIONS.items():
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in bodies:
            for media_type, content in body.get("content", {}).items():
                if not media_type.startswith("image/"):
                    assert "example" in content or content["examples"], name


async def test_the_document_is_served_and_revalidated(client: Client) -> None:
    first = await client.get("/openapi.json")
    assert first.status == 200
    assert first.content_type == "application/json"
    assert await first.json() == DOCUMENT
    again = await client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    other = await client.get("/openapi.json", headers={"If-None-Match": '"other"', "Accept-Encoding": "identity"})
    assert (other.status, other.headers.get("Content-Encoding")) == (200, None)


async def test_the_page_has_all_it_needs(client: Client) -> None:
    page = await client.get("/docs")
    assert (page.status, page.content_type) == (200, "text/html")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    html = await page.text()
    links = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert len(links) >= 5
    assert not [link for link in links if "//" in link]
    for link in links:
        answer = await client.get(f"/{link}")
        assert answer.status == 200, link
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_runs_no_script_of_its_own_text(client: Client) -> None:
    """What the content security policy would refuse is not there."""
    html = await (await client.get("/docs")).text()
    assert not re.search(r"<script>|<style|\son\w+=|javascript:", html)


async def test_stylesheets_and_start_refer_to_nobody_else(client: Client) -> None:
    for name in ("swagger-ui.css", "page.css", "start.js"):
        text = await (await client.get(f"/docs/assets/{name}")).text()
        # XML namespaces of inlined pictures name a standard, and load nothing.
        assert not re.search(r"(?:https?:)?//(?!www\.w3\.org/)[a-z]+\.", text), name


@pytest.mark.parametrize(
    "path", ["/docs/assets/", "/docs/assets/index.html", "/docs/assets/..%2f__init__.py", "/docs/x"]
)
async def test_nothing_else_is_served(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert answer.status == 404
    assert (await answer.json())["errors"][0]["code"] == "not_found"


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/livez"])
async def test_head_answers_like_get_without_the_body(client: Client, path: str) -> None:
    head, get = await client.head(path), await client.get(path)
    assert head.status == 200
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert await head.read() == b""


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
async def test_other_methods_are_refused(client: Client, path: str) -> None:
    answer = await client.post(path)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def is_undocumented(path: str) -> bool:
    return path in UNDOCUMENTED or path.startswith("/docs/assets/")


def responses() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, operation in OPERATIONS.items():
        for status, response in operation["responses"].items():
            yield f"{name} {status}", response


def is_of(api: Api, name: str) -> bool:
    """Whether an operation or one of its parts is the API's, and not of one that is mounted within its prefix."""
    _, _, path = name.partition(" ")
    [*_, closest] = sorted((other.prefix for other in APIS if path.startswith(other.prefix)), key=len)
    return api.prefix == closest


def parameters(name: str) -> dict[str, dict[str, Any]]:
    """The schemas of an operation's own parameters, by name."""
    return {one["name"]: one["schema"] for one in OPERATIONS[name]["parameters"] if "name" in one}


def codes_of(response: dict[str, Any]) -> set[str]:
    """The codes that the schema of an error response allows; none of those that have a form alone."""
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    return set(codes_in(schema)) if "allOf" in schema else set()


def codes_in(schema: Any) -> Iterator[str]:
    match schema:
        case {"properties": {"code": code}} | {"properties": {"category_code": code}}:
            for choice in code.get("anyOf", [code]):
                yield from choice.get("enum", [choice["const"]] if "const" in choice else [])
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for part in inner:
        yield from codes_in(part)


def contents_with_examples() -> Iterator[tuple[str, dict[str, Any], Any]]:
    for name, operation in OPERATIONS.items():
        bodies = {"body": operation.get("requestBody", {}), **operation["responses"]}
        for part, body in bodies.items():
            for content in body.get("content", {}).values():
                if "example" in content:
                    yield f"{name} {part}", content["schema"], content["example"]
                for example in content.get("examples", {}).values():
                    yield f"{name} {part}", content["schema"], example["value"]
