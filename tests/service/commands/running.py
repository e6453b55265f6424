"""Commands as a person runs them, in processes of their own."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT, Process

from service.settings import Settings


async def start(settings: Settings, *arguments: str) -> Process:
    """`python -m service` beside a service with these settings."""
    places = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    times = {name.upper(): str(getattr(settings, name)) for name in ("sale_seconds", "lease_seconds", "claim_seconds")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service", *arguments),
        stdout=PIPE,
        stderr=STDOUT,
        env={**os.environ, **places, **times},
    )


async def run(settings: Settings, *arguments: str) -> tuple[int | None, str]:
    """Its exit status and what it printed."""
    process = await start(settings, *arguments)
    async with asyncio.timeout(30):
        output, _ = await process.communicate()
    return process.returncode, output.decode()
