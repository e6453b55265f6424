"""Redis or Postgres do not answer: 503 within two seconds under the contract's codes, and all is well afterwards."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest

from service.embedded import EmbeddedPostgres, EmbeddedRedis
from tests.service.api import Answer, Api
from tests.service.factories import PASSWORD
from tests.service.outages import frozen
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.events.calls import PATH, create, created, delete, update

LONGEST_SECONDS = 2.0
Send = Callable[[], Awaitable[Answer]]

WITHOUT_POSTGRES = {
    "health": "DB-01",
    "register": "DB-02",
    "login": "DB-01",
    "bookings": "DB-01",
    "list": "DB-01",
    "one": "DB-01",
    "create": "DB-03",
    "update": "DB-03",
    "delete": "DB-03",
    "analytics": "DB-01",
    "cancellation rates": "DB-01",
}
WITHOUT_REDIS = {
    "health": "DB-01",
    "register": "DB-02",
    "login": "DB-01",
    "list": "DB-01",
    "one": "DB-01",
    "lower": "DB-03",
}


@pytest.fixture
async def calls(boss: Api, own: Api, api: Api) -> Mapping[str, Send]:
    """Each would succeed but for the outage."""
    event_id, spare = await created(boss), await created(boss)
    new = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}
    assert (await api("POST", "/ticketing/user/register/", new)).status == 201
    again = new | {"email": "other@example.com"}
    return {
        "health": lambda: api("GET", "/ticketing/health/"),
        "register": lambda: api("POST", "/ticketing/user/register/", again),
        "login": lambda: api("POST", "/ticketing/user/login/", new),
        "bookings": lambda: own("GET", "/ticketing/user/bookings/"),
        "list": lambda: api("GET", PATH),
        "one": lambda: api("GET", f"{PATH}?id={event_id}"),
        "create": lambda: create(boss),
        "update": lambda: update(boss, event_id, name="Blues"),
        "lower": lambda: update(boss, event_id, seat_count=5),
        "delete": lambda: delete(boss, spare),
        "analytics": lambda: boss("GET", "/ticketing/analytics/"),
        "cancellation rates": lambda: boss("GET", "/ticketing/analytics/cancellation_rates/"),
    }


@pytest.mark.parametrize("away", ["postgres", "redis"])
async def test_an_outage(
    calls: Mapping[str, Send], postgres_server: EmbeddedPostgres, redis_server: EmbeddedRedis, away: str
) -> None:
    codes = WITHOUT_REDIS if away == "redis" else WITHOUT_POSTGRES
    async with frozen(redis_server if away == "redis" else postgres_server):
        answers = await asyncio.gather(*(timed(calls[name]) for name in codes))
    for (name, code), (answer, seconds) in zip(codes.items(), answers, strict=True):
        assert refused(answer) == (503, code), name
        assert int(answer.headers["Retry-After"]) >= 1
        assert seconds < 2 * LONGEST_SECONDS, name  # all of them at once, on a machine that does other things as well
    for name in codes:
        assert await recovered(calls[name]), name


async def timed(send: Send) -> tuple[Answer, float]:
    clock = asyncio.get_running_loop().time
    started = clock()
    return await send(), clock() - started


async def recovered(send: Send) -> bool:
    """Whether it succeeds, in the end: connections are made anew, and what Redis did after all lapses."""
    async with asyncio.timeout(20):
        while (await send()).status not in (200, 201):  # noqa: ASYNC110  # nobody tells when a server is back
            await asyncio.sleep(0.05)
    return True
