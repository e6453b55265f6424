"""Which errors an endpoint answers, and how they are documented."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from service import errors
from service.errors import ErrorKind
from service.http.dialect import ErrorAnswer
from service.http.endpoint import Access, Endpoint
from service.openapi.components import Components
from service.openapi.headers import references

_INPUT_CODES = {
    "anyOf": [
        {"pattern": "^(invalid|missing)_[a-z][a-z0-9_]*$"},
        {"enum": ["unknown_field", "unknown_parameter", errors.IDEMPOTENCY_KEY_REUSED.code]},
    ]
}
_INPUT_EXAMPLE = {"code": "unknown_parameter", "message": "There is no such parameter.", "field": "limti"}


def error_responses(endpoint: Endpoint, components: Components) -> dict[str, Any]:
    """The endpoint's error responses by status. The schema of each has the very codes that occur."""
    by_status: defaultdict[int, dict[str, ErrorKind]] = defaultdict(dict)
    by_status[422] = {}
    for kind in _kinds(endpoint):
        by_status[kind.status].setdefault(kind.code, kind)
    return {
        str(status): _response(status, list(kinds.values()), components) for status, kinds in sorted(by_status.items())
    }


def _kinds(endpoint: Endpoint) -> Iterator[ErrorKind]:
    """What the endpoint's handler raises, and what is raised around it."""
    if endpoint.access is not Access.PUBLIC:
        yield from (errors.MISSING_TOKEN, errors.INVALID_TOKEN, errors.EXPIRED_TOKEN)
    if endpoint.access in (Access.STAFF, Access.ADMIN):
        yield errors.FORBIDDEN
    if endpoint.body is not None:
        yield from (errors.MALFORMED_JSON, errors.BODY_TOO_LARGE, errors.UNSUPPORTED_MEDIA_TYPE)
    if "cursor" in endpoint.query.model_fields:
        yield errors.INVALID_CURSOR
    yield from (not_found for _, _, not_found in endpoint.path_ids)
    if endpoint.idempotent:
        yield from (errors.IDEMPOTENCY_IN_PROGRESS, errors.IDEMPOTENCY_KEY_REUSED)
    yield from endpoint.errors
    yield from (errors.INTERNAL_ERROR, errors.SERVICE_UNAVAILABLE)


def _response(status: int, kinds: Sequence[ErrorKind], components: Components) -> dict[str, Any]:
    codes: dict[str, Any] = _INPUT_CODES if status == 422 else {"enum": [kind.code for kind in kinds]}
    items = {kind.code: {"code": kind.code, "message": kind.message} for kind in kinds}
    if status == 422:
        items = {"input": _INPUT_EXAMPLE, **items}
    return {
        "description": _description(status, kinds),
        "headers": references(_headers(status, kinds)),
        "content": {
            "application/json": {
                "schema": {
                    "allOf": [components.answer(ErrorAnswer)],
                    "properties": {"errors": {"items": {"properties": {"code": codes}}}},
                },
                "examples": {name: {"value": {"errors": [item]}} for name, item in items.items()},
            }
        },
    }


def _description(status: int, kinds: Sequence[ErrorKind]) -> str:
    lines = [f"`{kind.code}`: {kind.message}" for kind in kinds]
    if status == 422:
        lines.insert(0, "`invalid_…`, `missing_…`, `unknown_…`: every fault of the input, each with its `field`.")
    return f"{HTTPStatus(status).phrase}\n\n" + "\n".join(f"- {line}" for line in lines)


def _headers(status: int, kinds: Sequence[ErrorKind]) -> Iterator[str]:
    if status == 401:
        yield "WWW-Authenticate"
    if status in (429, 503) or any(kind.retry_after is not None for kind in kinds):
        yield "Retry-After"
