"""A Redis with replicas that sentinels watch, on the loopback address. For tests."""

import asyncio
from pathlib import Path

from .following import FOLLOWING, asked, following
from .ports import free_ports
from .redis import EmbeddedRedis

NAME = "holdfast"
"""What the sentinels call the master."""
READY_SECONDS = 30.0


class EmbeddedSentinel(EmbeddedRedis):
    """A process that watches the master at `master_port`, and replaces it when it was silent for `patience` ms and a
    second sentinel agrees."""

    def __init__(self, folder: Path, port: int, master_port: int, *, patience: int, binary: Path | None = None) -> None:
        self.port = port
        options = {"port": str(port), "bind": "127.0.0.1"}
        super().__init__(folder, binary=binary, durable=False, options=options)
        self._settings = options
        self._file = self.folder / "sentinel.conf"
        self._lines = (
            f"sentinel monitor {NAME} 127.0.0.1 {master_port} 2",
            f"sentinel down-after-milliseconds {NAME} {patience}",
            f"sentinel failover-timeout {NAME} 4000",
        )

    def _first_arguments(self) -> list[str]:
        return [str(self._file), "--sentinel"]

    def _prepare(self) -> None:
        super()._prepare()
        self._file.write_text("\n".join(self._lines))


class EmbeddedSentinelSet:
    """A master, two replicas and three sentinels, without durability; `servers` has the master first, which is
    replaced when it was silent for `patience` ms."""

    def __init__(self, folder: Path, *, binary: Path | None = None, patience: int = 1_000) -> None:
        ports = free_ports(6)
        self.ports, sentinel_ports = ports[:3], ports[3:]
        self.servers = [
            EmbeddedRedis(folder / str(port), binary=binary, durable=False, options=FOLLOWING | {"port": str(port)})
            for port in self.ports
        ]
        self.sentinels = [
            EmbeddedSentinel(folder / f"sentinel{i}", port, self.ports[0], patience=patience, binary=binary)
            for i, port in enumerate(sentinel_ports)
        ]

    @property
    def url(self) -> str:
        """Where the set is, as `holds` reads it."""
        return f"redis+sentinel://{','.join(f'127.0.0.1:{sentinel.port}' for sentinel in self.sentinels)}/{NAME}"

    async def start(self) -> None:
        """Start everything; returns when the replicas follow and every sentinel knows all the others.

        Raises `EmbeddedServerError`, or `TimeoutError` when they do not find together.
        """
        await asyncio.gather(*(server.start() for server in self.servers))
        async with asyncio.timeout(READY_SECONDS):
            for replica in self.servers[1:]:
                await asked(replica, "REPLICAOF", "127.0.0.1", self.ports[0])
            await asyncio.gather(*(following(replica) for replica in self.servers[1:]))
            await asyncio.gather(*(sentinel.start() for sentinel in self.sentinels))
            await asyncio.gather(*(_knowing_all(sentinel) for sentinel in self.sentinels))

    async def stop(self) -> None:
        await asyncio.gather(*(server.stop() for server in (*self.sentinels, *self.servers)))


async def _knowing_all(sentinel: EmbeddedSentinel) -> None:
    known: tuple[str, ...] = ()
    while known != ("2", "2"):
        await asyncio.sleep(0.05)
        state = await asked(sentinel, "SENTINEL", "MASTER", NAME)
        known = state["num-slaves"], state["num-other-sentinels"]
