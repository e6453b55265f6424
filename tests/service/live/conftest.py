"""A session of ten seats, and clients that follow it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

import aiohttp
import pytest
from aiohttp import web

from service.app import create_app
from service.live import source
from service.settings import Settings
from tests.service.bookings.conftest import alice, bob  # noqa: F401  # fixtures
from tests.service.conftest import Client
from tests.service.factories import Factory, Showing
from tests.service.live.reading import Reader, reading

Follow = Callable[..., AbstractAsyncContextManager[Reader]]


@pytest.fixture
async def showing(factory: Factory) -> Showing:
    return await factory.session(capacity=10)


@pytest.fixture
async def browsers(client: Client) -> AsyncIterator[aiohttp.ClientSession]:
    """As many connections as are asked for, each left open."""
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:
        yield session


@pytest.fixture
def follow(client: Client, browsers: aiohttp.ClientSession, showing: Showing) -> Follow:
    """Follows the session; parameters as `reading` after the address."""
    return partial(reading, browsers, client.make_url(f"/v1/sessions/{showing.session}/live"))


@dataclass(frozen=True, slots=True)
class Worker:
    """The service as `service.server` runs it. A test client's server cancels what a client has left."""

    app: web.Application
    url: str


@pytest.fixture
async def worker(settings: Settings) -> AsyncIterator[Worker]:
    """Another worker than the one that `client` asks."""
    runner = web.AppRunner(create_app(settings), shutdown_timeout=5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Worker(runner.app, f"http://127.0.0.1:{runner.addresses[0][1]}")
    await runner.cleanup()


@pytest.fixture
def follow_elsewhere(worker: Worker, browsers: aiohttp.ClientSession, showing: Showing) -> Follow:
    """Follows the session on another worker."""
    return partial(reading, browsers, f"{worker.url}/v1/sessions/{showing.session}/live")


@pytest.fixture(autouse=True)
def short_outages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "OUTAGE_SECONDS", 0.05)
