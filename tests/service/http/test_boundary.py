"""The error boundary around handlers that fail in every way."""

import gc
import weakref
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from aiohttp import ClientResponse, web
from pytest_aiohttp import AiohttpClient
from structlog.testing import capture_logs

from holds.errors import StoreUnavailable
from service import errors
from service.errors import ApiError, InputFault, InvalidInput
from service.http.boundary import boundary
from service.http.dialect import CinemaDialect
from service.ids import NoNode

Answered = Callable[[Exception], Awaitable[ClientResponse]]


@pytest.fixture
def answered(aiohttp_client: AiohttpClient) -> Answered:
    """The answer to a request whose handler raises."""

    async def ask(error: Exception) -> ClientResponse:
        async def handler(request: web.Request) -> web.Response:
            raise error

        app = web.Application(middlewares=[boundary(CinemaDialect())])
        app.router.add_get("/", handler)
        client = await aiohttp_client(app)
        return await client.get("/", headers={"X-Request-Id": "mine"})

    return ask


async def test_a_refusal(answered: Answered) -> None:
    answer = await answered(ApiError(errors.SEATS_UNAVAILABLE, {"available": 3}))
    assert answer.status == 409
    assert await answer.json() == {
        "errors": [{"code": "seats_unavailable", "message": "Not enough seats are free.", "available": 3}]
    }
    assert "Retry-After" not in answer.headers


async def test_a_refusal_that_tells_when_to_come_again(answered: Answered) -> None:
    answer = await answered(ApiError(errors.RATE_LIMITED, retry_after=17))
    assert (answer.status, answer.headers["Retry-After"]) == (429, "17")
    answer = await answered(ApiError(errors.BOOKING_CONFIRMING))
    assert (answer.status, answer.headers["Retry-After"]) == (409, "1")


async def test_a_refusal_is_no_work_for_the_garbage_collector(aiohttp_client: AiohttpClient) -> None:
    """Failed while the middleware had the refusal as a local of its own."""
    raised: list[weakref.ref[ApiError]] = []

    async def handler(request: web.Request) -> web.Response:
        error = ApiError(errors.SEATS_UNAVAILABLE)
        raised.append(weakref.ref(error))
        try:
            raise error
        finally:
            del error

    app = web.Application(middlewares=[boundary(CinemaDialect())])
    app.router.add_get("/", handler)
    client = await aiohttp_client(app)
    gc.disable()
    try:
        for _ in range(3):
            assert (await client.get("/")).status == 409
        assert [ref() for ref in raised] == [None] * 3
    finally:
        gc.enable()


async def test_every_fault_of_the_input(answered: Answered) -> None:
    faults = [InputFault("invalid_limit", "Too much.", "limit"), InputFault("unknown_field", "Unknown.", "page.x")]
    answer = await answered(InvalidInput(faults))
    assert answer.status == 422
    assert [(error["code"], error["field"]) for error in (await answer.json())["errors"]] == [
        ("invalid_limit", "limit"),
        ("unknown_field", "page.x"),
    ]


@pytest.mark.parametrize(
    "error",
    [
        StoreUnavailable("no answer"),
        NoNode("no lease"),
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.InterfaceError("closed"),
        asyncpg.TooManyConnectionsError("full"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.AdminShutdownError("stopping"),
        asyncpg.ReadOnlySQLTransactionError("a replica"),
        asyncpg.QueryCanceledError("too slow"),
        asyncpg.LockNotAvailableError("in use"),
        asyncpg.DeadlockDetectedError("gave way"),
    ],
    ids=repr,
)
async def test_what_is_out_of_reach(answered: Answered, error: Exception) -> None:
    with capture_logs() as logs:
        answer = await answered(error)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert (await answer.json())["errors"][0]["code"] == "service_unavailable"
    assert [(line["event"], line["request_id"]) for line in logs] == [("unavailable", "mine")]


@pytest.mark.parametrize(
    "error",
    [
        KeyError("the password is hunter2"),
        asyncpg.UndefinedTableError("hunter2"),
        asyncpg.UniqueViolationError("hunter2"),
        asyncpg.DataError("hunter2"),
        RecursionError("hunter2"),
        UnicodeDecodeError("utf-8", b"hunter2", 0, 1, "hunter2"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_unexpected_failure_tells_an_id_and_no_internals(answered: Answered, error: Exception) -> None:
    with capture_logs() as logs:
        answer = await answered(error)
    assert answer.status == 500
    text = await answer.text()
    assert "hunter2" not in text
    [told] = (await answer.json())["errors"]
    assert told == {
        "code": "internal_error",
        "message": "Something went wrong on our side.",
        "request_id": answer.headers["X-Request-Id"],
    }
    [line] = logs
    assert (line["event"], line["request_id"], line["exc_info"]) == ("unexpected_error", "mine", True)


@pytest.mark.parametrize("given", ["a", "x" * 128, "0f8fad5b-d9cd-469f-a165-70867728950e", "!~"])
async def test_a_request_keeps_its_id(aiohttp_client: AiohttpClient, given: str) -> None:
    client = await aiohttp_client(web.Application(middlewares=[boundary(CinemaDialect())]))
    answer = await client.get("/", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "two words", "é"])
async def test_a_request_gets_an_id(aiohttp_client: AiohttpClient, given: str) -> None:
    client = await aiohttp_client(web.Application(middlewares=[boundary(CinemaDialect())]))
    ids = set()
    for _ in range(2):
        answer = await client.get("/", headers={"X-Request-Id": given})
        ids.add(answer.headers["X-Request-Id"])
    assert len(ids) == 2
    assert given not in ids


async def test_the_connection_ends_with_a_body_that_was_not_read(aiohttp_client: AiohttpClient) -> None:
    """Otherwise the next request on it would wait behind the rest of this one."""

    async def read(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    app = web.Application(middlewares=[boundary(CinemaDialect())], client_max_size=1_000)
    app.router.add_post("/", read)
    client = await aiohttp_client(app)
    answer = await client.post("/", data=b"x" * 2_000)
    assert (answer.status, answer.headers["Connection"]) == (413, "close")
    answer = await client.post("/", data=b"x")
    assert (answer.status, answer.headers.get("Connection")) == (200, None)
