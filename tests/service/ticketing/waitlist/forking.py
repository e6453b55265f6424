"""Workers that are forked off by a process which has imported everything: `python -m … < settings and lines`.

Each line that it reads starts one, whose process id it answers once jobs are run: on a slow machine that takes longer
than some of them live. A process of its own would take seconds to start.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from service.settings import Settings
from service.worker import run

Start = Callable[[], Awaitable[int]]


@asynccontextmanager
async def workers(settings: Settings) -> AsyncIterator[Start]:
    """Gives what starts a worker and answers its process id. They end with this."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout
    stdin.write(settings.model_dump_json().encode() + b"\n")

    async def start() -> int:
        stdin.write(b"start\n")
        return int(await stdout.readline())

    try:
        yield start
    finally:
        stdin.close()
        await process.wait()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    asked = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  # children must not find what is read ahead
    settings = Settings.model_validate_json(asked.readline())
    started = []
    while asked.readline():
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
