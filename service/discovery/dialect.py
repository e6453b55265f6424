"""The errors of `/discovery/v1`: `{"error": {"code", "message", "details"}}`."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from aiohttp import web
from pydantic import MISSING, ConfigDict, Field
from pydantic.json_schema import JsonSchemaValue

from service.errors import ApiError, ErrorKind, InvalidInput
from service.http.fields import AnswerModel

VALIDATION_ERROR = "VALIDATION_ERROR"
UNAUTHORIZED = "UNAUTHORIZED"
_OF_FAULTS: JsonSchemaValue = {"properties": {"code": {"const": VALIDATION_ERROR}, "details": {"required": ["errors"]}}}


_CONVENTIONS = """\
## Under `/discovery/v1`
- Lists are paged by number: `page` (from 1) and `page_size`. `total` is exact, also on a page past the end, whose
  `data` is empty.
- A country is an ISO 3166-1 alpha-2 code in upper case.
- Every error is `{"error": {"code", "message", "details"}}`. `code` is for programs and stable; `message` is for
  people; `details` is an object, often an empty one.
"""


class Fault(AnswerModel):
    """One thing wrong with the input."""

    field: str = Field(description="Its dotted place.", examples=["country"])
    code: str = Field(
        json_schema_extra={"pattern": "^((INVALID|MISSING)_[A-Z][A-Z0-9_]*|UNKNOWN_FIELD|UNKNOWN_PARAMETER)$"},
        examples=["MISSING_COUNTRY"],
    )
    message: str = Field(examples=["This parameter is required."])


class Details(AnswerModel):
    """What else there is to know: an `INTERNAL_ERROR` has the `request_id` that the log has, too."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=False)

    errors: Sequence[Fault] | MISSING = Field(MISSING, description="Every fault, for a `VALIDATION_ERROR`.")


class Error(AnswerModel):
    """What was wrong with the request."""

    code: str = Field(examples=["MOVIE_NOT_FOUND"])
    message: str = Field(examples=["No such movie."])
    details: Details


class ErrorAnswer(AnswerModel):
    """An error."""

    error: Error


class DiscoveryDialect:
    """Writes errors as `ErrorAnswer`."""

    error = ErrorAnswer
    conventions = _CONVENTIONS
    input_faults = (f"`{VALIDATION_ERROR}`", "Every fault of the input is in `details.errors`, each with its `field`.")

    def code(self, kind: ErrorKind) -> str:
        return UNAUTHORIZED if kind.status == 401 else kind.code.upper()

    def narrowed(self, codes: Sequence[str], *, input_faults: bool) -> JsonSchemaValue:
        named: JsonSchemaValue = {"properties": {"code": {"enum": list(codes)}}}
        if input_faults:
            named = {"anyOf": [_OF_FAULTS, named]} if codes else _OF_FAULTS
        return {"properties": {"error": named}}

    def refusal(self, error: ApiError) -> web.Response:
        return _answer(error.kind.status, self.code(error.kind), error.kind.message, error.extra)

    def invalid_input(self, error: InvalidInput) -> web.Response:
        faults = [
            {"field": fault.field, "code": fault.code.upper(), "message": fault.message} for fault in error.faults
        ]
        return _answer(422, VALIDATION_ERROR, "The request is not valid.", {"errors": faults})


def _answer(status: int, code: str, message: str, details: Mapping[str, Any]) -> web.Response:
    body = orjson.dumps({"error": {"code": code, "message": message, "details": details}})
    return web.Response(body=body, status=status, content_type="application/json")
