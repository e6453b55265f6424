"""Clusters and sentinel sets of a test's own, to be damaged."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from holds.runner import ScriptRunner
from service.embedded.binaries import redis_server, valkey_server
from service.embedded.redis_cluster import EmbeddedRedisCluster
from service.embedded.redis_sentinels import EmbeddedSentinelSet
from tests.service.conftest import app, client, factory, new_session, postgres, resources, settings

__all__ = ["app", "client", "factory", "new_session", "postgres", "resources", "settings"]  # fixtures

BINARIES = {"valkey": valkey_server, "redis": redis_server}


@pytest.fixture(params=BINARIES)
def binary(request: pytest.FixtureRequest) -> Path:
    return BINARIES[request.param]()


@pytest.fixture
async def cluster(tmp_path: Path, binary: Path) -> AsyncIterator[EmbeddedRedisCluster]:
    """Three masters and their replicas; where one fails, the others go on."""
    options = {"cluster-require-full-coverage": "no"}
    servers = EmbeddedRedisCluster(tmp_path, binary=binary, options=options)
    try:
        await servers.start()
        yield servers
    finally:
        await servers.stop()


@pytest.fixture
async def sentinels(tmp_path: Path, binary: Path) -> AsyncIterator[EmbeddedSentinelSet]:
    """A master, two replicas and three sentinels."""
    servers = EmbeddedSentinelSet(tmp_path, binary=binary)
    try:
        await servers.start()
        yield servers
    finally:
        await servers.stop()


@pytest.fixture
async def on_cluster(cluster: EmbeddedRedisCluster) -> AsyncIterator[ScriptRunner]:
    async with ScriptRunner.open(cluster.url) as runner:
        yield runner


@pytest.fixture
async def on_sentinels(sentinels: EmbeddedSentinelSet) -> AsyncIterator[ScriptRunner]:
    async with ScriptRunner.open(sentinels.url) as runner:
        yield runner
