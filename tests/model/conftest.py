"""The engine on one real server, as several workers have it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
import redis.asyncio

from holds.engine import HoldEngine
from holds.models import Timing
from holds.runner import ScriptRunner
from service.embedded import EmbeddedRedis
from tests.holds.database import Database
from tests.model.clock import Clock
from tests.service.bookings.conftest import alice, bob
from tests.service.conftest import (
    app,
    client,
    customer,
    factory,
    new_customer,
    new_session,
    postgres,
    resources,
    settings,
)

__all__ = [
    "alice",
    "app",
    "bob",
    "client",
    "customer",
    "factory",
    "new_customer",
    "new_session",
    "postgres",
    "resources",
    "settings",
]
"""The service's own fixtures, for what can only be seen over HTTP."""

POOL = "ses_1"
ANN, BEN, CAT = "usr_1", "usr_2", "usr_3"
MINUTE = 60_000

Raw = redis.asyncio.Redis
NewWorker = Callable[..., Awaitable[HoldEngine]]


@pytest.fixture
async def raw(redis_url: str) -> AsyncIterator[Raw]:
    """A plain client of the emptied server."""
    async with Raw.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
async def database() -> Database:
    """Without any pool."""
    return Database()


@pytest.fixture
async def new_worker(redis_url: str, database: Database) -> AsyncIterator[NewWorker]:
    """Makes engines, given a `Timing` or none, each over connections of its own as a worker process has them."""
    async with AsyncExitStack() as stack:

        async def make(timing: Timing | None = None) -> HoldEngine:
            runner = await stack.enter_async_context(ScriptRunner.open(redis_url))
            engine = HoldEngine(runner, database.load, timing)
            stack.push_async_callback(engine.close)
            return engine

        yield make


@pytest.fixture
def clock(redis_server: EmbeddedRedis) -> Iterator[Clock]:
    clock = Clock(redis_server.url)
    yield clock
    clock.close()
