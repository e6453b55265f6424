"""Workers that die of a job: `python -m … < settings and lines`; each line starts one, and its end is answered.

They are forked off by a process that has imported everything: one of its own would take seconds to start.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from service.jobs.job import Job, Payload
from service.jobs.resources import JobResources
from service.settings import Settings
from tests.service.jobs.running import running_jobs

DieOnce = Callable[[], Awaitable[None]]


async def die(resources: JobResources, payload: Payload) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@asynccontextmanager
async def dying_workers(settings: Settings) -> AsyncIterator[DieOnce]:
    """Gives what runs a worker until it dies of a job named `work`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout
    stdin.write(settings.model_dump_json().encode() + b"\n")

    async def die_once() -> None:
        stdin.write(b"start\n")
        assert await stdout.readline() == b"died\n"

    try:
        yield die_once
    finally:
        stdin.close()
        await process.wait()


def main() -> None:
    asked = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  # children must not find what is read ahead
    settings = Settings.model_validate_json(asked.readline())
    while asked.readline():
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
