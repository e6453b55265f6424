"""Reading each API's errors, whose format is asserted, as the codes, messages and fields that all APIs share."""

from collections.abc import Callable, Mapping
from typing import Any

from service.errors import (
    BODY_TOO_LARGE,
    EXPIRED_TOKEN,
    FORBIDDEN,
    INVALID_TOKEN,
    MALFORMED_JSON,
    METHOD_NOT_ALLOWED,
    MISSING_TOKEN,
    NOT_FOUND,
    UNSUPPORTED_MEDIA_TYPE,
)
from service.http.input import invalid

Errors = list[dict[str, Any]]

_SHARED = {
    kind.message: kind
    for kind in (
        *(MALFORMED_JSON, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, MISSING_TOKEN, INVALID_TOKEN, EXPIRED_TOKEN),
        *(FORBIDDEN, NOT_FOUND, METHOD_NOT_ALLOWED),
    )
}
"""What the ticketing API says in the same words as the others, under codes and statuses of its own."""
_UNAUTHORIZED = {kind.message: kind.code for kind in (MISSING_TOKEN, INVALID_TOKEN, EXPIRED_TOKEN)}


def read(path: str, status: int, body: dict[str, Any]) -> tuple[int, Errors]:
    """Status and errors of an answer, which came from this path and so is in the format of the API that is there."""
    for prefix, errors_in in _FORMATS.items():
        if path == prefix or path.startswith(f"{prefix}/"):
            return errors_in(status, body)
    return _cinema(status, body)


def _cinema(status: int, body: dict[str, Any]) -> tuple[int, Errors]:
    assert body.keys() == {"errors"}
    for error in body["errors"]:
        assert error.keys() >= {"code", "message"}
        assert error["code"].islower()
    return status, list(body["errors"])


def _discovery(status: int, body: dict[str, Any]) -> tuple[int, Errors]:
    assert body.keys() == {"error"}
    error = body["error"]
    assert error.keys() == {"code", "message", "details"}
    assert error["code"].isupper()
    if error["code"] != "VALIDATION_ERROR":
        code = _UNAUTHORIZED[error["message"]] if error["code"] == "UNAUTHORIZED" else error["code"].lower()
        return status, [{"code": code, "message": error["message"]}]
    assert error["details"].keys() == {"errors"}
    for fault in error["details"]["errors"]:
        assert fault.keys() == {"field", "code", "message"}
        assert fault["code"].isupper()
    return status, [{**fault, "code": fault["code"].lower()} for fault in error["details"]["errors"]]


def _ticketing(status: int, body: dict[str, Any]) -> tuple[int, Errors]:
    """Faults of the input are 400 here, each a line of `error`, and a role that does not suffice is 401."""
    assert {"category", "category_code", "msg"} <= body.keys() <= {"category", "category_code", "msg", "error"}
    assert body["category_code"].startswith(f"{body['category']}-")
    assert status == 401 or body["category"] != "USER" or "error" in body
    if shared := _SHARED.get(body["msg"]):
        assert status == (401 if shared is FORBIDDEN else shared.status)
        return shared.status, [{"code": shared.code, "message": body["msg"]}]
    assert status == 400
    return 422, [_fault(*line.split(": ", 1)) for line in body["error"].split("\n")]


def _fault(field: str, message: str) -> dict[str, Any]:
    is_missing = message in ("This field is required.", "This parameter is required.")
    code = f"missing_{field.rpartition('.')[2]}" if is_missing else invalid(field, message).code
    return {"code": code, "message": message, "field": field}


_FORMATS: Mapping[str, Callable[[int, dict[str, Any]], tuple[int, Errors]]] = {
    "/discovery/v1": _discovery,
    "/ticketing": _ticketing,
}
