"""Which errors an endpoint answers, and how they are documented: as the dialect of its API writes them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web

from service import errors
from service.errors import ApiError, ErrorKind, InputFault, InvalidInput
from service.http.boundary import Dialect
from service.http.endpoint import Access, Endpoint
from service.openapi.components import Components
from service.openapi.headers import references

FAULTS = InvalidInput([InputFault("missing_name", "This field is required.", "name")])
"""Stands for any input with faults."""


def error_responses(endpoint: Endpoint, dialect: Dialect, components: Components) -> dict[str, Any]:
    """The endpoint's error responses by status. The schema of each has the very codes that occur."""
    of_faults = dialect.invalid_input(FAULTS).status
    by_status: defaultdict[int, dict[str, ErrorKind]] = defaultdict(dict)
    by_status[of_faults] = {}
    for kind in kinds_of(endpoint):
        by_status[dialect.refusal(ApiError(kind)).status].setdefault(kind.code, kind)
    return {
        str(status): _response(status, list(kinds.values()), dialect, components, input_faults=status == of_faults)
        for status, kinds in sorted(by_status.items())
    }


def kinds_of(endpoint: Endpoint) -> Iterator[ErrorKind]:
    """What the endpoint's handler raises, and what is raised around it; some more than once."""
    if endpoint.access is not Access.PUBLIC:
        yield from (errors.MISSING_TOKEN, errors.INVALID_TOKEN, errors.EXPIRED_TOKEN)
    if endpoint.access in (Access.STAFF, Access.ADMIN):
        yield errors.FORBIDDEN
    if endpoint.access is Access.OWNER:
        yield errors.NOT_YOURS
    if endpoint.body is not None:
        yield from (errors.MALFORMED_JSON, errors.BODY_TOO_LARGE, errors.UNSUPPORTED_MEDIA_TYPE)
    if endpoint.uploads:
        yield errors.UNSUPPORTED_UPLOAD
    if "cursor" in endpoint.query.model_fields:
        yield errors.INVALID_CURSOR
    yield from (not_found for _, _, not_found in endpoint.path_ids)
    if endpoint.idempotent:
        yield from (errors.IDEMPOTENCY_IN_PROGRESS, errors.IDEMPOTENCY_KEY_REUSED)
    yield from endpoint.faults.values()
    yield from endpoint.errors
    yield from (errors.INTERNAL_ERROR, endpoint.unavailable)


def _response(
    status: int, kinds: Sequence[ErrorKind], dialect: Dialect, components: Components, *, input_faults: bool
) -> dict[str, Any]:
    codes = list(dict.fromkeys(map(dialect.code, kinds)))
    examples = {kind.code: _body(dialect.refusal(ApiError(kind))) for kind in kinds}
    if input_faults:
        examples = {"input": _body(dialect.invalid_input(FAULTS)), **examples}
    return {
        "description": _description(status, kinds, dialect, input_faults=input_faults),
        "headers": references(_headers(status, kinds)),
        "content": {
            "application/json": {
                "schema": {
                    "allOf": [components.answer(dialect.error)],
                    **dialect.narrowed(codes, input_faults=input_faults),
                },
                "examples": {name: {"value": body} for name, body in examples.items()},
            }
        },
    }


def _body(response: web.Response) -> Any:
    return orjson.loads(response.text or "")


def _description(status: int, kinds: Sequence[ErrorKind], dialect: Dialect, *, input_faults: bool) -> str:
    lines = [f"`{dialect.code(kind)}`: {kind.message}" for kind in kinds]
    if input_faults:
        lines.insert(0, ": ".join(dialect.input_faults))
    return f"{HTTPStatus(status).phrase}\n\n" + "\n".join(f"- {line}" for line in lines)


def _headers(status: int, kinds: Sequence[ErrorKind]) -> Iterator[str]:
    if status == 401:
        yield "WWW-Authenticate"
    if status in (429, 503) or any(kind.retry_after is not None for kind in kinds):
        yield "Retry-After"
