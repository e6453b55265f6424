"""The servers that a run needs: embedded Postgres and Redis, workers of the service, and references."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from service.embedded.ports import free_port
from service.embedded.process import end

SERVICE = "service.server"
BARE = "bench.references.bare"
FOR_UPDATE = "bench.references.for_update"


@dataclass(frozen=True, slots=True)
class Server:
    """Processes that share a port of the loopback address."""

    port: int
    processes: tuple[int, ...]


@asynccontextmanager
async def running(module: str, workers: int, environment: Mapping[str, str]) -> AsyncIterator[Server]:
    """`workers` processes of a module that is served like `service.server`, ended with the block."""
    port = free_port()
    processes = await asyncio.gather(*(_start(module, port, environment) for _ in range(workers)))
    try:
        yield Server(port, tuple(process.pid for process in processes))
    finally:
        await asyncio.gather(*(end(process, (signal.SIGTERM, 15.0)) for process in processes))


async def _start(module: str, port: int, environment: Mapping[str, str]) -> Process:
    reading, writing = os.pipe()
    arguments = ("--host", "127.0.0.1", "--port", str(port), "--ready", str(writing), "--parent", str(os.getpid()))
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", module, *arguments),
            stdin=DEVNULL,
            env={**os.environ, **environment},
            pass_fds=[writing],
            start_new_session=True,
        )
    finally:
        os.close(writing)
    try:
        if await asyncio.to_thread(os.read, reading, 16) != b"ready\n":
            raise RuntimeError(f"{module} ended before it could answer requests")
    finally:
        os.close(reading)
    return process
