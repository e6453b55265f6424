"""A worker process of the service, to be killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from service.embedded.ports import free_port
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Worker:
    """A running worker."""

    url: str
    process: asyncio.subprocess.Process

    async def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def running_worker(settings: Settings) -> AsyncIterator[Worker]:
    """A worker with these settings, killed in the end."""
    port = free_port()
    environment = os.environ | {
        name.upper(): ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in settings.model_dump().items()
        if value not in (None, ())
    }
    read, write = os.pipe()
    arguments = ("--host", "127.0.0.1", "--port", str(port), "--ready", str(write), "--parent", str(os.getpid()))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "service.server", *arguments, env=environment, pass_fds=[write]
    )
    os.close(write)
    worker = Worker(f"http://127.0.0.1:{port}", process)
    try:
        assert await asyncio.to_thread(os.read, read, 16) == b"ready\n"
        yield worker
    finally:
        os.close(read)
        if process.returncode is None:
            await worker.kill()
