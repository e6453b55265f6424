"""The headers of requests and answers, described once under `components`."""

from collections.abc import Iterable
from typing import Any

from service.http.boundary import REQUEST_ID

RESPONSE_HEADERS: dict[str, dict[str, Any]] = {
    REQUEST_ID: {
        "description": "The request's own id if it came with one, else a new one; logged with errors.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
    },
    "Retry-After": {
        "description": "After how many seconds another try makes sense.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "WWW-Authenticate": {
        "description": "How to authenticate.",
        "required": True,
        "schema": {"type": "string", "const": "Bearer"},
    },
    "Allow": {
        "description": "The methods that the path answers.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "The path of what was created.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "ETag": {
        "description": "Names the content: for `If-None-Match`.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Cache-Control": {
        "description": "For how long the answer may be kept.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "There when the answer is that of an earlier request with this `Idempotency-Key`.",
        "schema": {"type": "string", "const": "true"},
    },
}

PARAMETERS: dict[str, dict[str, Any]] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key with the same request gives the first answer again, for 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
    "LastEventId": {
        "name": "Last-Event-ID",
        "in": "header",
        "description": "The last event that the client has: those after it follow, or a snapshot.",
        "schema": {"type": "string"},
    },
    "RequestId": {
        "name": REQUEST_ID,
        "in": "header",
        "description": "Up to 128 visible ASCII characters that name the request in the log; anything else is ignored.",
        "schema": {"type": "string"},
    },
}


def references(names: Iterable[str]) -> dict[str, Any]:
    """The headers of an answer: `names`, and the one that every answer has."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (REQUEST_ID, *names)}


def parameter(name: str) -> dict[str, str]:
    """A reference to one of `PARAMETERS`."""
    return {"$ref": f"#/components/parameters/{name}"}
