"""A process that has imported everything and forks workers off: `python -m … < settings and lines`, one for each line.

A process of its own would take each of them seconds to start.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

from service.settings import Settings

Ask = Callable[[], Awaitable[bytes]]


@asynccontextmanager
async def forking(module: str, settings: Settings) -> AsyncIterator[Ask]:
    """Runs the module. Gives what has it fork a worker off, and returns the line that it answers."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout
    stdin.write(settings.model_dump_json().encode() + b"\n")

    async def ask() -> bytes:
        stdin.write(b"start\n")
        return await stdout.readline()

    try:
        yield ask
    finally:
        stdin.close()
        await process.wait()


def asked() -> Iterator[Settings]:
    """For the module: the settings, again for each worker that it is asked for."""
    lines = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  # children must not find what is read ahead
    settings = Settings.model_validate_json(lines.readline())
    while lines.readline():
        yield settings
