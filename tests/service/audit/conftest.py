"""An auditor beside a running application whose durations are scaled down."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
import redis.asyncio

from service.audit.auditor import Auditor, Report
from service.audit.comparing import Drift
from service.postgres import Connection
from service.resources import Resources
from service.settings import Settings
from tests.service.bookings.conftest import Customer
from tests.service.conftest import Client
from tests.service.factories import Account

LEASE_SECONDS = 0.8

Raw = redis.asyncio.Redis
NewCaller = Callable[[], Awaitable[Customer]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """`T` 1 s, `L` 0.8 s, `C` 3 s; no audits but those of the test."""
    scaled = {"sale_seconds": 1.0, "lease_seconds": LEASE_SECONDS, "claim_seconds": 3.0, "audit_seconds": 0}
    return settings.model_copy(update=scaled)


@pytest.fixture
async def raw(settings: Settings) -> AsyncIterator[Raw]:
    async with Raw.from_url(settings.redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
def auditor(resources: Resources, settings: Settings) -> Auditor:
    return Auditor(resources.redis, settings.redis_url, round(settings.lease_seconds * 1_000))


@pytest.fixture
def look(auditor: Auditor, connection: Connection) -> Callable[[], Awaitable[Report]]:
    """One audit."""
    return lambda: auditor.look(connection)


@pytest.fixture
def caller(client: Client, new_customer: Callable[[], Awaitable[Account]]) -> NewCaller:
    """A new customer with its calls."""

    async def new() -> Customer:
        return Customer(client, await new_customer())

    return new


Look = Callable[[], Awaitable[Report]]


def kinds(report: Report) -> list[tuple[str, str]]:
    return [(drift.pool, str(drift.kind)) for drift in report.drifts]


def only(report: Report) -> Drift:
    [drift] = report.drifts
    return drift
