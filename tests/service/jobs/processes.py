"""A worker process, to be killed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from service.settings import Settings


@asynccontextmanager
async def job_process(
    settings: Settings, module: Sequence[str] = ("service", "worker")
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that runs jobs with these settings, killed in the end as by `kill -9`."""
    environment = os.environ | {
        name.upper(): ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in settings.model_dump().items()
        if value not in (None, ())
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *module, env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
