"""Auditing once in a while, in one process of all that serve from one database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import structlog

from holds.errors import StoreUnavailable
from holds.runner import ScriptRunner
from service.audit import metrics, queries
from service.audit.auditor import Auditor, Report
from service.postgres import CONNECT_SECONDS, UNREACHABLE, Connection
from service.settings import Settings

LOCK = 0x686F6C6461756469
"""The key of the advisory lock: "holdaudi" in ASCII. Who has it audits for as long as its connection lasts."""
STATEMENT_SECONDS = 30.0

log = structlog.get_logger(__name__)


class AuditJob:
    """Audits every `settings.audit_seconds`, beginning after the first of them, or waits for another process to end.

    It has a connection of its own, so that an audit keeps none from requests; only the process that audits has one
    for longer than a moment.
    """

    def __init__(self, settings: Settings, runner: ScriptRunner) -> None:
        self._url, self._pause = settings.database_url, settings.audit_seconds
        self._auditor = Auditor(runner, settings.redis_url, round(settings.lease_seconds * 1_000))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Audit while the block runs."""
        if not self._pause:
            yield
            return
        task = asyncio.create_task(self._keep_auditing())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep_auditing(self) -> None:
        while True:
            await asyncio.sleep(self._pause)
            try:
                await self._audit_while_first()
            except Exception as failure:  # whatever it is, it must be tried again
                _failed(failure)

    async def _audit_while_first(self) -> None:
        """Audit again and again, unless another process does, until Postgres does not answer."""
        connection = await asyncpg.connect(self._url, timeout=CONNECT_SECONDS, command_timeout=STATEMENT_SECONDS)
        try:
            while await queries.try_lock(connection, LOCK):  # asked anew each time, since a connection can be lost
                await self._audit(connection)
                await asyncio.sleep(self._pause)
        finally:
            connection.terminate()

    async def _audit(self, connection: Connection) -> None:
        try:
            report = await self._auditor.look(connection)
        except StoreUnavailable as failure:
            _failed(failure)
        else:
            metrics.record(report)
            tell(report)


def tell(report: Report) -> None:
    """Log what disagrees."""
    for drift in report.drifts:
        log.error("audit_drift", pool=drift.pool, kind=drift.kind, redis=drift.redis, postgres=drift.postgres)
    for pool in report.unsummed:
        log.warning("audit_pool_too_large", pool=pool)


def _failed(failure: Exception) -> None:
    metrics.FAILURES.inc()
    expected = isinstance(failure, (StoreUnavailable, *UNREACHABLE))
    log.warning("audit_failed", reason=str(failure) or type(failure).__name__, exc_info=not expected)
