"""Keeping processes alive."""

import asyncio
from typing import Protocol

import structlog

from service.embedded import EmbeddedServerError

from .errors import StartError

log = structlog.get_logger(__name__)

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
STABLE_SECONDS = 10.0
"""Who lived that long is started again at once; otherwise the pause doubles."""


class Kept(Protocol):
    """What can be kept alive: `start` returns when it is of use, `wait` when it has ended."""

    async def start(self) -> None: ...
    async def wait(self) -> int: ...
    async def stop(self) -> None: ...


async def keep(name: str, process: Kept) -> None:
    """Start the process again whenever it ends. Never returns; the process is left running when cancelled."""
    clock = asyncio.get_running_loop().time
    pause = SHORTEST_PAUSE
    while True:
        started = clock()
        status = await process.wait()
        pause = SHORTEST_PAUSE if clock() - started > STABLE_SECONDS else min(2 * pause, LONGEST_PAUSE)
        log.error("ended unexpectedly, starting it again", process=name, status=status)
        await asyncio.sleep(pause)
        try:
            await process.start()
        except (EmbeddedServerError, StartError) as failure:
            log.error("could not be started again", process=name, reason=str(failure))
        else:
            log.warning("is back", process=name)
