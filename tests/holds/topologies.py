"""The arrangements of servers on which the engine runs, and a plain client of each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster

from service.embedded import EmbeddedRedis
from service.embedded.redis_cluster import EmbeddedRedisCluster
from service.embedded.redis_sentinels import EmbeddedSentinelSet

Servers = EmbeddedRedis | EmbeddedRedisCluster | EmbeddedSentinelSet

PATIENCE = 60_000
"""ms of silence that no test of the engine reaches: where the machine stands still for a second, no master is replaced
while it lives, and nothing that it was told is lost. The tests of failovers have servers of their own."""


def server(folder: Path, binary: Path) -> Servers:
    return EmbeddedRedis(folder, binary=binary, durable=False)


def cluster(folder: Path, binary: Path) -> Servers:
    return EmbeddedRedisCluster(folder, binary=binary, patience=PATIENCE)


def sentinels(folder: Path, binary: Path) -> Servers:
    return EmbeddedSentinelSet(folder, binary=binary, patience=PATIENCE)


TOPOLOGIES = [
    pytest.param(server, id=""),
    pytest.param(cluster, id="cluster", marks=pytest.mark.cluster),
    pytest.param(sentinels, id="sentinels", marks=pytest.mark.cluster),
]


class Everywhere(RedisCluster):
    """A client of a cluster whose answers are those of all masters together, as if they were one server."""

    async def keys(self, pattern: str = "*") -> list[str]:  # type: ignore[override]
        return [key for keys in await self._all("KEYS", pattern) for key in keys]

    async def dbsize(self) -> int:  # type: ignore[override]
        return sum(await self._all("DBSIZE"))

    async def config_resetstat(self) -> None:  # type: ignore[override]
        await self._all("CONFIG RESETSTAT")

    async def script_flush(self) -> None:  # type: ignore[override]
        await self._all("SCRIPT FLUSH")

    async def info(self, section: str) -> dict[str, Any]:  # type: ignore[override]
        return _sum(await self._all("INFO", section))

    async def _all(self, *words: str) -> list[Any]:
        await self.initialize()
        return [await self.execute_command(*words, target_nodes=master) for master in self.get_primaries()]


def client_of(servers: Servers) -> Redis:
    """A client of the master or masters, which are those there were at the start."""
    if isinstance(servers, EmbeddedRedis):
        return Redis.from_url(servers.url, decode_responses=True)
    first = servers.servers[0]
    if isinstance(servers, EmbeddedSentinelSet):
        return Redis.from_url(first.url, decode_responses=True)
    host, _, port = servers.url.split(",")[0].rpartition("/")[2].partition(":")
    return Everywhere(host=host, port=int(port), decode_responses=True)  # type: ignore[return-value]  # what is used is alike


def masters_of(client: object) -> int:
    return len(client.get_primaries()) if isinstance(client, Everywhere) else 1


def _sum(replies: list[Mapping[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for name in {name for reply in replies for name in reply}:
        values = [reply[name] for reply in replies if name in reply]
        if isinstance(values[0], Mapping):
            total[name] = _sum(values)
        elif isinstance(values[0], int | float):
            total[name] = sum(values)
    return total
