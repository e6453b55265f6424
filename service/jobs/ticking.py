"""Ticks: what one worker of all does every second or so."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog
from pgqueuer.ports.driver import Driver

from service.jobs import metrics
from service.jobs.job import Tick
from service.jobs.resources import JobResources

LOCK = 0x686F6C647469636B
"""The key of the advisory lock: "holdtick" in ASCII. Who has it ticks for as long as its connection lasts."""

log = structlog.get_logger(__name__)


class Ticking:
    """Ticks while the connection behind `driver` has the lock; other workers wait for that."""

    def __init__(self, driver: Driver, ticks: Sequence[Tick], resources: JobResources) -> None:
        self._driver = driver
        self._ticks = ticks
        self._resources = resources
        self._leading = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Tick while the block runs; what is in the middle of a tick then is cancelled."""
        tasks = [asyncio.create_task(self._keep_ticking(tick)) for tick in self._ticks]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_ticking(self, tick: Tick) -> None:
        while True:
            await asyncio.sleep(tick.seconds)
            try:
                if await self._leads():
                    await tick.run(self._resources)
            except Exception as failure:  # whatever it is, the next tick tries again
                metrics.TICK_FAILURES.labels(tick.name).inc()
                log.warning("tick_failed", tick=tick.name, reason=str(failure) or type(failure).__name__)

    async def _leads(self) -> bool:
        if not self._leading:
            [row] = await self._driver.fetch("SELECT pg_try_advisory_lock($1) AS taken", LOCK)
            self._leading = bool(row["taken"])
        return self._leading
