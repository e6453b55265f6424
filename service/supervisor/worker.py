"""The processes of the service as their supervisor sees them."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress

from service.embedded.process import end, send

from .errors import StartError

START_SECONDS = 60.0
STOP_SECONDS = 15.0
"""More than `service.server.DRAIN_SECONDS`, since a worker closes its connections after its requests.

And more than `service.jobs.runner.DRAIN_SECONDS`, since jobs that are cut off are written down.
"""


class Worker:
    """One `python -m MODULE`, with these arguments and environment variables."""

    def __init__(self, module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._module = module
        self._arguments = [*arguments, "--parent", str(os.getpid())]
        self._environment = environment
        self._process: Process | None = None

    async def start(self) -> None:
        """Return when the worker is of use. Raises `StartError` if it ends first or takes too long."""
        reading, writing = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", self._module, "--ready", str(writing)),
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
            raise StartError("A worker ended before it could be of use; its log is above.")

    async def wait(self) -> int:
        """Wait for the process to end; its exit status."""
        if self._process is None:
            raise RuntimeError("the worker was never started")
        return await self._process.wait()

    async def stop(self) -> None:
        """Have the worker finish its requests or jobs, and end."""
        if self._process:
            await end(self._process, (signal.SIGTERM, STOP_SECONDS))

    def kill(self) -> None:
        """End the worker at once, and what it does with it."""
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
