"""Workers that die of a job, forked off one by one; the end of each is answered."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from service.jobs.job import Job, Payload
from service.jobs.resources import JobResources
from service.settings import Settings
from tests.service.forking import asked, forking
from tests.service.jobs.running import running_jobs

DieOnce = Callable[[], Awaitable[None]]


async def die(resources: JobResources, payload: Payload) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@asynccontextmanager
async def dying_workers(settings: Settings) -> AsyncIterator[DieOnce]:
    """Gives what runs a worker until it dies of a job named `work`."""
    async with forking(__name__, settings) as ask:

        async def die_once() -> None:
            assert await ask() == b"died\n"

        yield die_once


def main() -> None:
    for settings in asked():
        worker = os.fork()
        if not worker:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            asyncio.run(_run(settings))
        _, status = os.waitpid(worker, 0)
        print("died" if os.WTERMSIG(status) == signal.SIGKILL else status, flush=True)


async def _run(settings: Settings) -> None:
    async with running_jobs(settings, [Job("work", die)], []):
        await asyncio.sleep(60)


if __name__ == "__main__":
    main()
