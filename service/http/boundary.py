"""The error boundary: whatever a handler raises becomes an answer in the dialect of the API whose path it is."""

import re
from collections.abc import Callable, Sequence
from random import getrandbits
from time import perf_counter
from typing import Protocol

import asyncpg
import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from pydantic.json_schema import JsonSchemaValue

from holds.errors import StoreUnavailable
from service import errors
from service.errors import ApiError, ErrorKind, InvalidInput
from service.http.fields import AnswerModel
from service.ids import NoNode
from service.postgres import UNREACHABLE

log = structlog.get_logger(__name__)

REQUEST_ID = "X-Request-Id"
_ACCEPTED_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")


class Dialect(Protocol):
    """How one API writes its errors, and what its documentation must know of them.

    Status and example of an error need no telling: the documentation has them from `refusal` and `invalid_input`.
    """

    @property
    def error(self) -> type[AnswerModel]:
        """The model of every error's body."""

    @property
    def conventions(self) -> str:
        """How lists and errors look, in Markdown, under a heading of its own."""

    @property
    def input_faults(self) -> tuple[str, str]:
        """What people are told of faults of the input, in Markdown: their codes, and what they say."""

    def code(self, kind: ErrorKind) -> str:
        """What programs know the kind by. Several kinds may share a code."""

    def narrowed(self, codes: Sequence[str], *, input_faults: bool) -> JsonSchemaValue:
        """What the schema of `error` lacks where only `codes` occur, and faults of the input if `input_faults`."""

    def refusal(self, error: ApiError) -> web.Response:
        """The answer for a refusal."""

    def invalid_input(self, error: InvalidInput) -> web.Response:
        """The answer for input with faults."""


DIALECT: web.AppKey[Dialect] = web.AppKey("dialect")
"""For what renders a refusal below the boundary."""
UNAVAILABLE = web.RequestKey("unavailable", ErrorKind)
"""What a request is answered when Redis or Postgres is out of reach, where that has a name of its own."""
NAME = web.RequestKey("name", str)
"""The request's `X-Request-Id`, for answers that are sent before the boundary has them."""
ANSWERED_AT = web.RequestKey("answered_at", float)
"""By `perf_counter`, when an answer began that has no end of its own."""


def boundary(dialect: Dialect, answered: Callable[[web.Request, int, float], None] | None = None) -> Middleware:
    """The middleware that renders what is raised below it in `dialect`, and names every request.

    `answered` is told each request with the status of its answer and the seconds that it took: a middleware of its own
    would cost more than it does.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = perf_counter()
        request_id = request[NAME] = _request_id(request)
        try:
            response = await handler(request)
        except InvalidInput as invalid:
            response = dialect.invalid_input(invalid)
        except Exception as error:
            response = _answer(dialect, request, error, request_id)
        response.headers.setdefault(REQUEST_ID, request_id)
        status = response.status
        if status == 413 or request.content.exception() is not None:
            response.force_close()  # nobody reads the rest of the body, to get at a next request
        if answered is not None:
            answered(request, status, _answered_at(request, response) - started)
        return response

    return middleware


def _answer(dialect: Dialect, request: web.Request, error: Exception, request_id: str) -> web.Response:
    """What the request is answered.

    The refusal is a local here, and not where the error was caught: a frame of its own traceback would keep both alive,
    as garbage that only the collector finds, which took a third of the time of refusing a crowd.
    """
    refusal = _as_refusal(request, error, request_id)
    response = dialect.refusal(refusal)
    _add_headers(response, refusal, error)
    return response


def _answered_at(request: web.Request, response: web.StreamResponse) -> float:
    if type(response) is web.StreamResponse:
        began: float = request.get(ANSWERED_AT, perf_counter())
        return began
    return perf_counter()


def _request_id(request: web.Request) -> str:
    given = request.headers.get(REQUEST_ID)
    if given and _ACCEPTED_REQUEST_ID.fullmatch(given):
        return given
    return getrandbits(128).to_bytes(16).hex()  # a name, not a secret


def _as_refusal(request: web.Request, error: Exception, request_id: str) -> ApiError:
    match error:
        case ApiError() if error.kind is not errors.SERVICE_UNAVAILABLE:
            return error
        case web.HTTPMethodNotAllowed():
            return ApiError(errors.METHOD_NOT_ALLOWED)
        case web.HTTPNotFound():
            return ApiError(errors.NOT_FOUND)
        case web.HTTPRequestEntityTooLarge():
            return ApiError(errors.BODY_TOO_LARGE)
        case ApiError():
            return ApiError(_unavailable(request), error.extra, error.retry_after)
        case StoreUnavailable() | NoNode():
            reason = str(error)
        case _ if isinstance(error, UNREACHABLE) and not isinstance(error, asyncpg.DataError):
            reason = str(error) or type(error).__name__
        case _:
            log.exception("unexpected_error", request_id=request_id, method=request.method, path=request.path)
            return ApiError(errors.INTERNAL_ERROR, {"request_id": request_id})
    log.warning("unavailable", request_id=request_id, method=request.method, path=request.path, reason=reason)
    return ApiError(_unavailable(request))


def _unavailable(request: web.Request) -> ErrorKind:
    kind: ErrorKind = request.get(UNAVAILABLE, errors.SERVICE_UNAVAILABLE)
    return kind


def _add_headers(response: web.Response, refusal: ApiError, error: Exception) -> None:
    if refusal.retry_seconds is not None:
        response.headers[hdrs.RETRY_AFTER] = str(refusal.retry_seconds)
    if response.status == 401:
        response.headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
    if isinstance(error, web.HTTPMethodNotAllowed):
        response.headers[hdrs.ALLOW] = ", ".join(sorted(error.allowed_methods))
