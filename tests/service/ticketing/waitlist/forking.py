"""Workers that are forked off one by one.

The process id of each is answered once jobs are run: on a slow machine that takes longer than some of them live.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from service.settings import Settings
from service.worker import run
from tests.service.forking import asked, forking

Start = Callable[[], Awaitable[int]]


@asynccontextmanager
async def workers(settings: Settings) -> AsyncIterator[Start]:
    """Gives what starts a worker and answers its process id. They end with this."""
    async with forking(__name__, settings) as ask:

        async def start() -> int:
            return int(await ask())

        yield start


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    started = []
    for settings in asked():
        reading, ready = os.pipe()
        worker = os.fork()
        if not worker:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            asyncio.run(run(settings, asyncio.Event(), ready))
        started.append(worker)
        os.close(ready)
        os.read(reading, 16)
        os.close(reading)
        print(worker, flush=True)
    for worker in started:
        try:
            os.kill(worker, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
