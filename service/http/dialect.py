"""The errors of `/v1`: `{"errors": [{"code", "message", "field"?}]}`."""

from collections.abc import Mapping, Sequence

import orjson
from aiohttp import web
from pydantic import MISSING, ConfigDict, Field
from pydantic.json_schema import JsonSchemaValue

from service.errors import ApiError, ErrorKind, InvalidInput
from service.http.fields import AnswerModel

_CONVENTIONS = """\
## Under `/v1`
- Lists are paged by cursor: pass `metadata.end_cursor` as `cursor` while `has_more` is true, with the same sort and
  filters. A walk neither repeats nor skips a row that stays.
- Send an `Idempotency-Key` where it is taken, and a request whose answer was lost can be sent again safely.
- Every error is `{"errors": [{"code", "message", "field"?}]}`. `code` is for programs and stable; `message` is for
  people; `field` is the dotted place of a fault in the input.
"""
_OF_A_FIELD = {"pattern": "^(invalid|missing)_[a-z][a-z0-9_]*$"}
"""The codes of faults that name the field."""


class ErrorItem(AnswerModel):
    """One error. Some carry more: `booking_confirmed` has the `booking`, an unready service its `checks`."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=False)

    code: str = Field(examples=["invalid_limit"])
    message: str = Field(examples=["Input should be less than or equal to 100."])
    field: str | MISSING = Field(MISSING, description="The dotted place of a fault in the input.", examples=["limit"])


class ErrorAnswer(AnswerModel):
    """Everything that was wrong with the request."""

    errors: Sequence[ErrorItem]


class CinemaDialect:
    """Writes errors as `ErrorAnswer`."""

    error = ErrorAnswer
    conventions = _CONVENTIONS
    input_faults = (
        "`invalid_…`, `missing_…`, `unknown_field`, `unknown_parameter`",
        "Every fault of the input, each with its `field`.",
    )

    def code(self, kind: ErrorKind) -> str:
        return kind.code

    def narrowed(self, codes: Sequence[str], *, input_faults: bool) -> JsonSchemaValue:
        named: JsonSchemaValue = {"enum": list(codes)}
        if input_faults:
            named = {"anyOf": [_OF_A_FIELD, {"enum": ["unknown_field", "unknown_parameter", *codes]}]}
        return {"properties": {"errors": {"items": {"properties": {"code": named}}}}}

    def refusal(self, error: ApiError) -> web.Response:
        item = {"code": error.kind.code, "message": error.kind.message, **error.extra}
        return _answer(error.kind.status, [item])

    def invalid_input(self, error: InvalidInput) -> web.Response:
        return _answer(
            422, [{"code": fault.code, "message": fault.message, "field": fault.field} for fault in error.faults]
        )


def _answer(status: int, items: Sequence[Mapping[str, object]]) -> web.Response:
    return web.Response(body=orjson.dumps({"errors": items}), status=status, content_type="application/json")
