"""One running service for all broken requests: none of them changes anything."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from service.app import create_app
from service.embedded import EmbeddedPostgres, EmbeddedRedis
from service.resources import RESOURCES
from service.settings import Settings
from tests.conftest import create_database, database_url, drop_database
from tests.contracts.broken.asking import Service
from tests.service.factories import Factory


@pytest.fixture(scope="package")
async def service(
    postgres_server: EmbeddedPostgres, migrated_template: str, redis_server: EmbeddedRedis
) -> AsyncIterator[Service]:
    name = await create_database(postgres_server.url, template=migrated_template)
    settings = Settings(
        database_url=database_url(postgres_server.url, name),
        redis_url=redis_server.url,
        jwt_secrets=("the secret of the tests, 32 characters or more",),
        argon2_time_cost=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
    )
    app = create_app(settings)
    async with TestClient(TestServer(app)) as client:
        admin = await Factory(app[RESOURCES]).user("admin")
        yield Service(client, app[RESOURCES], admin)
    await drop_database(postgres_server.url, name)
