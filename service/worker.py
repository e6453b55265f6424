"""The process that runs jobs: the composition root of everything that no request waits for."""

import argparse
import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import uvloop
from prometheus_client import start_http_server

from holds.engine import HoldEngine
from holds.runner import ScriptRunner
from service import logs
from service.accounts.jobs import JOBS as ACCOUNTS
from service.bookings.jobs import JOBS as BOOKINGS
from service.embedded.tether import end_with_parent
from service.idempotency.jobs import JOBS as IDEMPOTENCY
from service.ids import SnowflakeGenerator
from service.inventory import load_inventory
from service.jobs import metrics
from service.jobs.chores import JOBS as CHORES
from service.jobs.job import Job, Tick
from service.jobs.resources import JobResources
from service.jobs.runner import JobRunner
from service.lapses.jobs import JOBS as LAPSES
from service.lapses.jobs import TICKS as LAPSING
from service.mail.mailer import Mailer
from service.node_lease import leased
from service.postgres import Postgres
from service.settings import Settings
from service.ticketing.waitlist.jobs import JOBS as WAITLIST
from service.ticketing.waitlist.jobs import TICKS as LINES
from service.ticketing.waitlist.line import read_line
from service.timing import timing_of
from service.tracking.jobs import JOBS as TRACKING
from service.tracking.jobs import TICKS as SUMS

JOBS: tuple[Job, ...] = (*ACCOUNTS, *BOOKINGS, *TRACKING, *WAITLIST, *LAPSES, *IDEMPOTENCY, *CHORES)
TICKS: tuple[Tick, ...] = (*LINES, *LAPSING, *SUMS)

NICENESS = 5
"""Beside processes that answer requests, jobs take what time those leave."""


async def run(settings: Settings, stop: asyncio.Event, ready: int | None = None) -> None:
    """Run jobs until `stop` is set and those under way have ended.

    `ready` is a file descriptor that gets one line once jobs are run. Raises what `Postgres` raises at first.
    """
    async with opened(settings) as resources:
        runner = JobRunner(JOBS, TICKS, resources)
        counting = asyncio.create_task(metrics.keep_counting(resources.postgres, [job.name for job in JOBS]))
        gc.collect()
        gc.freeze()
        if ready is not None:
            os.write(ready, b"ready\n")
        try:
            await runner.run(stop)
        finally:
            counting.cancel()
            await asyncio.gather(counting, return_exceptions=True)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[JobResources]:
    """What jobs share. What was opened last is closed first; no job may be under way."""
    async with AsyncExitStack() as stack:
        postgres = await stack.enter_async_context(Postgres.open(settings.database_url))
        redis = await stack.enter_async_context(ScriptRunner.open(settings.redis_url))
        ids = SnowflakeGenerator()
        await stack.enter_async_context(leased(postgres, ids))
        read, lines = partial(load_inventory, postgres), partial(read_line, postgres, redis, settings)
        engine = HoldEngine(redis, read, timing_of(settings), read_line=lines)
        stack.push_async_callback(engine.close)
        yield JobResources(settings, postgres, redis, engine, ids, Mailer(settings))


def run_until_signalled(settings: Settings, ready: int | None = None, metrics_port: int | None = None) -> None:
    """`run` until SIGTERM or SIGINT, answering Prometheus on `metrics_port` where there is one."""
    if metrics_port is not None:
        start_http_server(metrics_port)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        stop, loop = asyncio.Event(), runner.get_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        runner.run(run(settings, stop, ready))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m service.worker", description=__doc__)
    parser.add_argument("--ready", type=int, required=True, help="a file descriptor to report readiness to")
    parser.add_argument("--parent", type=int, required=True, help="the process to end with")
    arguments = parser.parse_args()
    end_with_parent(arguments.parent, signal.SIGTERM)
    os.nice(NICENESS)
    settings = Settings.from_environment(os.environ)
    logs.configure(settings.log_format)
    run_until_signalled(settings, arguments.ready)


if __name__ == "__main__":
    main()
