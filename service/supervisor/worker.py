"""A worker process as its supervisor sees it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from contextlib import suppress

from service.embedded.process import end, send

from .errors import StartError

START_SECONDS = 60.0
STOP_SECONDS = 15.0
"""More than `service.server.DRAIN_SECONDS`, since a worker closes its connections after its requests."""


class Worker:
    """One `python -m service.server`, with these environment variables, on this address."""

    def __init__(self, host: str, port: int, environment: Mapping[str, str]) -> None:
        self._arguments = ["--host", host, "--port", str(port), "--parent", str(os.getpid())]
        self._environment = environment
        self._process: Process | None = None

    async def start(self) -> None:
        """Return when the worker answers requests. Raises `StartError` if it ends first or takes too long."""
        reading, writing = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "service.server", "--ready", str(writing)),
                *self._arguments,
                stdin=DEVNULL,
                env=self._environment,
                pass_fds=[writing],
                start_new_session=True,
            )
        finally:
            os.close(writing)
        if await _line_from(reading) != b"ready\n":
            await self.stop()
            raise StartError("A worker ended before it could answer requests; its log is above.")

    async def wait(self) -> int:
        """Wait for the process to end; its exit status."""
        if self._process is None:
            raise RuntimeError("the worker was never started")
        return await self._process.wait()

    async def stop(self) -> None:
        """Have the worker finish its requests and end."""
        if self._process:
            await end(self._process, (signal.SIGTERM, STOP_SECONDS))

    def kill(self) -> None:
        """End the worker at once, and its requests with it."""
        if self._process:
            with suppress(ProcessLookupError):
                send(self._process, signal.SIGKILL)


async def _line_from(pipe: int) -> bytes:
    """The first line of a pipe; nothing when it closes without one, or after `START_SECONDS`."""
    reader = asyncio.StreamReader()
    file = os.fdopen(pipe, "rb")
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), file
    )
    try:
        return await asyncio.wait_for(reader.readline(), START_SECONDS)
    except TimeoutError:
        return b""
    finally:
        transport.close()
