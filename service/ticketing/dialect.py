"""The errors of `/ticketing`: `{"category", "category_code", "msg", "error"?}`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import orjson
from aiohttp import web
from pydantic import MISSING, ConfigDict, Field
from pydantic.json_schema import JsonSchemaValue

from service import errors
from service.errors import ApiError, ErrorKind, InvalidInput
from service.http.fields import AnswerModel
from service.ticketing.errors import (
    EMAIL_TAKEN,
    INVALID_ROLE,
    INVALID_TOKEN,
    NOT_DECODED,
    TRANSACTION_FAILED,
    UNKNOWN_ERROR,
    WRONG_PASSWORD,
)

_CONVENTIONS = """\
## Under `/ticketing`
- Ids are UUIDs, times are seconds since 1970 in UTC. A path may lack its last slash. Unknown fields and parameters are
  ignored; null is as good as left out.
- Every error is `{"category", "category_code", "msg", "error"?}`. `category_code` is for programs and stable; `msg` and
  the details in `error` are for people. What the service refuses is 400, and there is no 403: whoever's role does not
  suffice is told 401.
"""
_OF_THE_CONTRACT = re.compile(r"[A-Z]+-[0-9]{2}")
_NAMED: Mapping[ErrorKind, ErrorKind] = {
    errors.FORBIDDEN: INVALID_ROLE,
    errors.INVALID_CREDENTIALS: WRONG_PASSWORD,
    errors.EMAIL_TAKEN: EMAIL_TAKEN,
    errors.SERVICE_UNAVAILABLE: TRANSACTION_FAILED,
}
"""What the contract has for refusals that all APIs share."""
_CODES: Mapping[ErrorKind, str] = {
    errors.MALFORMED_JSON: NOT_DECODED.code,
    errors.BODY_TOO_LARGE: NOT_DECODED.code,
    errors.UNSUPPORTED_MEDIA_TYPE: NOT_DECODED.code,
    errors.MISSING_TOKEN: INVALID_TOKEN.code,
    errors.INVALID_TOKEN: INVALID_TOKEN.code,
    errors.EXPIRED_TOKEN: INVALID_TOKEN.code,
    errors.OUTCOME_UNKNOWN: TRANSACTION_FAILED.code,
}
"""Where it has the code only. Of those that are not here, it has that of unknown errors."""


class ErrorAnswer(AnswerModel):
    """An error."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    category: str = Field(examples=["EVENT"])
    category_code: str = Field(json_schema_extra={"pattern": "^[A-Z]+-[0-9]{2}$"}, examples=["EVENT-03"])
    msg: str = Field(examples=["No event was found."])
    error: str | MISSING = Field(
        MISSING, description="Details, each in a line.", examples=["name: This field is required."]
    )


class TicketingDialect:
    """Writes errors as `ErrorAnswer`."""

    error = ErrorAnswer
    conventions = _CONVENTIONS
    input_faults = (f"`{NOT_DECODED.code}`", "Faults of the input that have no code of their own are in `error`.")

    def code(self, kind: ErrorKind) -> str:
        return _in_the_contract(kind).code

    def narrowed(self, codes: Sequence[str], *, input_faults: bool) -> JsonSchemaValue:
        allowed = dict.fromkeys([NOT_DECODED.code, *codes] if input_faults else codes)
        return {"properties": {"category_code": {"enum": list(allowed)}}}

    def refusal(self, error: ApiError) -> web.Response:
        return _answer(_in_the_contract(error.kind), error.extra.items())

    def invalid_input(self, error: InvalidInput) -> web.Response:
        return _answer(error.kind or NOT_DECODED, [(fault.field, fault.message) for fault in error.faults])


def _in_the_contract(kind: ErrorKind) -> ErrorKind:
    if _OF_THE_CONTRACT.fullmatch(kind.code):
        return kind
    return _NAMED.get(kind) or replace(kind, code=_CODES.get(kind, UNKNOWN_ERROR.code))


def _answer(kind: ErrorKind, details: Iterable[tuple[str, object]]) -> web.Response:
    error = {"category": kind.code.partition("-")[0], "category_code": kind.code, "msg": kind.message}
    if told := "\n".join(f"{name}: {detail}" for name, detail in details):
        error["error"] = told
    return web.Response(body=orjson.dumps(error), status=kind.status, content_type="application/json")
