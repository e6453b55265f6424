"""Reading each API's errors, whose format is asserted, as the codes, messages and fields that all APIs share."""

from collections.abc import Callable, Mapping
from typing import Any

from service.errors import EXPIRED_TOKEN, INVALID_TOKEN, MISSING_TOKEN

Errors = list[dict[str, Any]]

_UNAUTHORIZED = {kind.message: kind.code for kind in (MISSING_TOKEN, INVALID_TOKEN, EXPIRED_TOKEN)}


def errors_in(path: str, body: dict[str, Any]) -> Errors:
    """The errors of the body, which came from this path and so is in the format of the API that is there."""
    for prefix, read in _FORMATS.items():
        if path == prefix or path.startswith(f"{prefix}/"):
            return read(body)
    return _cinema(body)


def _cinema(body: dict[str, Any]) -> Errors:
    assert body.keys() == {"errors"}
    for error in body["errors"]:
        assert error.keys() >= {"code", "message"}
        assert error["code"].islower()
    return list(body["errors"])


def _discovery(body: dict[str, Any]) -> Errors:
    assert body.keys() == {"error"}
    error = body["error"]
    assert error.keys() == {"code", "message", "details"}
    assert error["code"].isupper()
    if error["code"] != "VALIDATION_ERROR":
        code = _UNAUTHORIZED[error["message"]] if error["code"] == "UNAUTHORIZED" else error["code"].lower()
        return [{"code": code, "message": error["message"]}]
    assert error["details"].keys() == {"errors"}
    for fault in error["details"]["errors"]:
        assert fault.keys() == {"field", "code", "message"}
        assert fault["code"].isupper()
    return [{**fault, "code": fault["code"].lower()} for fault in error["details"]["errors"]]


_FORMATS: Mapping[str, Callable[[dict[str, Any]], Errors]] = {"/discovery/v1": _discovery}
