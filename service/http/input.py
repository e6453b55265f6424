"""Reading a request's body and query with the models of its endpoint, every fault reported at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from aiohttp import hdrs, web
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from service.errors import (
    BODY_TOO_LARGE,
    MALFORMED_JSON,
    UNSUPPORTED_MEDIA_TYPE,
    UNSUPPORTED_UPLOAD,
    ApiError,
    InputFault,
)
from service.http.fields import QueryModel, RequestModel

MAX_BODY_BYTES = 64 * 1024
JSON = "application/json"


class EmptyBody(RequestModel):
    """The body of a request that needs none: nothing, or an empty JSON object."""


async def read_body(request: web.Request) -> bytes:
    """The raw body. Raises `ApiError` when it is too large, not JSON by its `Content-Type`, or badly compressed."""
    content = request.content
    try:
        if content.is_eof() and content.total_bytes <= MAX_BODY_BYTES:
            raw = content.read_nowait()  # as it nearly always is: the body came with the head
        else:
            raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(BODY_TOO_LARGE) from None
    except web.RequestPayloadError:
        raise ApiError(MALFORMED_JSON) from None
    if raw and not _is_json(request):
        raise ApiError(UNSUPPORTED_MEDIA_TYPE)
    return raw


def _is_json(request: web.Request) -> bool:
    if request.headers.get(hdrs.CONTENT_TYPE) == JSON:  # spares most requests the parsing
        return True
    return request.content_type == JSON and (request.charset or "utf-8").lower() == "utf-8"


def demand_media_type(request: web.Request, accepted: Collection[str]) -> None:
    """Raises `ApiError` when an upload is of another media type, or text in anything but UTF-8."""
    if request.content_type not in accepted or (request.charset or "utf-8").lower() != "utf-8":
        raise ApiError(UNSUPPORTED_UPLOAD)


def parse_body(model: type[RequestModel], raw: bytes, faults: list[InputFault]) -> RequestModel | None:
    """The body as `model`; its faults are added to `faults`. Raises `ApiError` when it is not JSON."""
    try:
        return model.model_validate_json(raw)
    except ValidationError as invalid:
        if invalid.errors(include_url=False, include_context=False, include_input=False)[0]["type"] == "json_invalid":
            raise ApiError(MALFORMED_JSON) from None
        faults.extend(faults_of(invalid))
        return None


def faults_of(invalid: ValidationError) -> list[InputFault]:
    """Every fault of a `RequestModel`'s fields."""
    details = invalid.errors(include_url=False, include_context=False, include_input=False)
    return [_fault(detail, "field") for detail in details]


def parse_query(model: type[QueryModel], query: Mapping[str, Any], faults: list[InputFault]) -> QueryModel | None:
    """The query as `model`; its faults are added to `faults`."""
    getall = query.getall  # type: ignore[attr-defined]  # aiohttp's MultiDict
    values = {name: many[0] if len(many := getall(name)) == 1 else many for name in query}
    try:
        return model.model_validate(values)
    except ValidationError as invalid:
        details = invalid.errors(include_url=False, include_context=False, include_input=False)
        faults.extend(_fault(detail, "parameter") for detail in details)
        return None


def dotted(place: Sequence[int | str]) -> str:
    """The dotted place of a field: `page.path`, `rows.0.label`."""
    return ".".join(map(str, place))


def invalid(field: str, message: str) -> InputFault:
    """The fault `invalid_<last part of the field's path>`."""
    names = [part for part in field.split(".") if not part.isdigit()]
    return InputFault(f"invalid_{names[-1] if names else 'body'}", message, field)


def _fault(detail: ErrorDetails, part: str) -> InputFault:
    """A fault of a body's `field` or a query's `parameter`."""
    field = dotted(detail["loc"]) if detail["loc"] else "body"
    match detail["type"]:
        case "missing":
            return InputFault(f"missing_{detail['loc'][-1]}", f"This {part} is required.", field)
        case "extra_forbidden":
            return InputFault(f"unknown_{part}", f"There is no such {part}.", field)
        case _:
            return invalid(field, _sentence(detail["msg"]))


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"{message[:1].upper()}{message[1:]}".rstrip(".") + "."
