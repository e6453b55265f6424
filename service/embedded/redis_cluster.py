"""A Redis Cluster on the loopback address: masters that share the slots, and a replica of each. For tests."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from .following import FOLLOWING, asked, following
from .ports import free_ports
from .redis import EmbeddedRedis

SLOTS = 16_384
READY_SECONDS = 30.0


class EmbeddedRedisCluster:
    """`masters` servers and as many replicas, without durability; `servers` has the masters first, each of which is
    replaced by its replica when it was silent for `patience` ms."""

    def __init__(
        self,
        folder: Path,
        *,
        binary: Path | None = None,
        masters: int = 3,
        patience: int = 1_000,
        options: Mapping[str, str] | None = None,
    ) -> None:
        ports = free_ports(4 * masters)
        self.ports, self._bus_ports = ports[: 2 * masters], ports[2 * masters :]
        self._masters = masters
        together = FOLLOWING | {"cluster-enabled": "yes", "cluster-node-timeout": str(patience), **(options or {})}
        self.servers = [
            EmbeddedRedis(
                folder / str(port),
                binary=binary,
                durable=False,
                options=together | {"port": str(port), "cluster-port": str(bus_port)},
            )
            for port, bus_port in zip(self.ports, self._bus_ports, strict=True)
        ]

    @property
    def url(self) -> str:
        """Where the cluster is, as `holds` reads it."""
        return "redis+cluster://" + ",".join(f"127.0.0.1:{port}" for port in self.ports)

    async def start(self) -> None:
        """Start the servers and join them; returns when every replica follows its master.

        Raises `EmbeddedServerError`, or `TimeoutError` when they do not find together.
        """
        await asyncio.gather(*(server.start() for server in self.servers))
        async with asyncio.timeout(READY_SECONDS):
            await self._share_the_slots()
            for port, bus_port in zip(self.ports, self._bus_ports, strict=True):
                await asked(self.servers[0], "CLUSTER", "MEET", "127.0.0.1", port, bus_port)
            await self._all_tell(f"cluster_known_nodes:{len(self.servers)}\r")
            for master, replica in zip(self.servers, self.servers[self._masters :], strict=False):
                await asked(replica, "CLUSTER", "REPLICATE", await asked(master, "CLUSTER", "MYID"))
            await self._all_tell("cluster_state:ok")
            await asyncio.gather(*(following(replica) for replica in self.servers[self._masters :]))

    async def stop(self) -> None:
        await asyncio.gather(*(server.stop() for server in self.servers))

    async def _share_the_slots(self) -> None:
        bounds = [SLOTS * i // self._masters for i in range(self._masters + 1)]
        for i, master in enumerate(self.servers[: self._masters]):
            await asked(master, "CLUSTER", "SET-CONFIG-EPOCH", i + 1)
            await asked(master, "CLUSTER", "ADDSLOTSRANGE", bounds[i], bounds[i + 1] - 1)

    async def _all_tell(self, line: str) -> None:
        """Wait until every server says so of the cluster."""
        for server in self.servers:
            while line not in await asked(server, "CLUSTER", "INFO"):  # noqa: ASYNC110  # it is another process
                await asyncio.sleep(0.02)
