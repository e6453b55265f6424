"""The service against real servers: a database of its own for each test, and accounts and rows to work with."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient

from service.app import create_app
from service.postgres import Postgres
from service.resources import RESOURCES, Resources
from service.settings import Settings
from tests.service.factories import Account, Factory, Showing
from tests.service.supervisor.running import Running, new_data_folder, started

Client = TestClient[web.Request, web.Application]
StartService = Callable[..., Awaitable[Running]]


@pytest.fixture
def settings(postgres_url: str, redis_url: str) -> Settings:
    """As in production, with cheap passwords. A module may override it by `settings.model_copy(update=…)`."""
    return Settings(
        database_url=postgres_url,
        redis_url=redis_url,
        jwt_secrets=("the tests' own secret of 32 characters and more",),
        argon2_time_cost=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
    )


@pytest.fixture
def app(settings: Settings) -> web.Application:
    return create_app(settings)


@pytest.fixture
async def client(app: web.Application, aiohttp_client: AiohttpClient) -> Client:
    """A client of the running application."""
    return await aiohttp_client(app)


@pytest.fixture
def resources(client: Client, app: web.Application) -> Resources:
    """What the running application's handlers share."""
    return app[RESOURCES]


@pytest.fixture
def postgres(resources: Resources) -> Postgres:
    return resources.postgres


@pytest.fixture
def factory(resources: Resources) -> Factory:
    return Factory(resources)


@pytest.fixture
async def customer(factory: Factory) -> Account:
    return await factory.user()


@pytest.fixture
async def admin(factory: Factory) -> Account:
    return await factory.user("admin")


@pytest.fixture
async def manager(factory: Factory) -> Account:
    """A manager of no place yet."""
    return await factory.user("manager")


@pytest.fixture
def new_customer(factory: Factory) -> Callable[[], Awaitable[Account]]:
    return factory.user


@pytest.fixture
def new_movie(factory: Factory) -> Callable[..., Awaitable[int]]:
    """Parameters as `Factory.movie`; gives the movie's number."""
    return factory.movie


@pytest.fixture
def new_place(factory: Factory) -> Callable[..., Awaitable[int]]:
    """Parameters as `Factory.place`; gives the place's number."""
    return factory.place


@pytest.fixture
def new_session(factory: Factory) -> Callable[..., Awaitable[Showing]]:
    """Parameters as `Factory.session`."""
    return factory.session


@pytest.fixture
def data_folder(server_folder: Path) -> Iterator[Path]:
    """Where a service may keep its data."""
    with new_data_folder(server_folder) as data:
        yield data


@pytest.fixture
async def start_service(data_folder: Path) -> AsyncIterator[StartService]:
    """Starts a service on the data folder, with options and environment, and returns once it is ready or has ended."""
    async with AsyncExitStack() as stack:

        async def start(*options: str, **environment: str) -> Running:
            return await stack.enter_async_context(started(data_folder, *options, **environment))

        yield start
