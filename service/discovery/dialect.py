"""The errors of `/discovery/v1`: `{"error": {"code", "message", "details"}}`."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from aiohttp import web
from pydantic import Field
from pydantic.json_schema import JsonSchemaValue

from service.errors import ApiError, ErrorKind, InvalidInput
from service.http.fields import AnswerModel

VALIDATION_ERROR = "VALIDATION_ERROR"
UNAUTHORIZED = "UNAUTHORIZED"


class DiscoveryError(AnswerModel):
    """What was wrong with the request."""

    code: str = Field(examples=["MOVIE_NOT_FOUND"])
    message: str = Field(examples=["No such movie."])
    details: Mapping[str, Any] = Field(
        description="`errors` for a `VALIDATION_ERROR`, `request_id` for an `INTERNAL_ERROR`.", examples=[{}]
    )


class DiscoveryErrorAnswer(AnswerModel):
    """An error."""

    error: DiscoveryError


class DiscoveryDialect:
    """Writes errors as `DiscoveryErrorAnswer`."""

    error = DiscoveryErrorAnswer
    input_faults = f"`{VALIDATION_ERROR}`: `details.errors` has every fault of the input."

    def code(self, kind: ErrorKind) -> str:
        return UNAUTHORIZED if kind.status == 401 else kind.code.upper()

    def narrowed(self, codes: Sequence[str], *, input_faults: bool) -> JsonSchemaValue:
        named = [VALIDATION_ERROR, *codes] if input_faults else list(codes)
        return {"properties": {"error": {"properties": {"code": {"enum": named}}}}}

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
