"""`python -m tests.service.jobs.hasty`: a worker that ticks all the time."""

import asyncio
import os
from dataclasses import replace

from service import worker
from service.settings import Settings

SECONDS = 0.05

if __name__ == "__main__":
    worker.TICKS = tuple(replace(tick, seconds=SECONDS) for tick in worker.TICKS)
    asyncio.run(worker.run(Settings.from_environment(os.environ), asyncio.Event()))
