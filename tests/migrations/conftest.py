"""Connections to a migrated database without rows."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from service.postgres import Connection


@pytest.fixture
async def connection(postgres_url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


@pytest.fixture
async def rival(postgres_url: str) -> AsyncIterator[Connection]:
    """Somebody else's connection to the same database."""
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()
