"""`audit`: whether Redis and Postgres agree, now."""

import argparse
import asyncio
import os
import secrets
import time
from collections.abc import Iterable, Mapping

import asyncpg
from rich.console import Console
from rich.table import Table

from holds.errors import StoreUnavailable
from holds.runner import ScriptRunner
from service.audit.auditor import Auditor, Report, look_at_all_sessions
from service.audit.comparing import Drift
from service.postgres import Connection
from service.settings import Settings
from service.supervisor import StartError, connected

from . import running

HELP = "Compare what Redis believes about every pool with Postgres; exits with 1 when something disagrees."
SOON_SECONDS = 0.5
"""How long after a sale its session's register has usually heard of it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--watch", type=pause, metavar="SECONDS", help="audit again and again, until Ctrl-C")
    parser.add_argument(
        "--all", action="store_true", help="compare the bookings of every session, not only of those in Redis"
    )
    running.add_arguments(parser)


def pause(text: str) -> float:
    if not 0.1 <= float(text) <= 86_400:
        raise argparse.ArgumentTypeError("at least 0.1 and at most 86400 seconds")
    return float(text)


def run(arguments: argparse.Namespace) -> int:
    audits = _Audits(Console())
    try:
        asyncio.run(audits.run(arguments))
    except KeyboardInterrupt:
        if arguments.watch is None:
            raise
    return 1 if audits.found_drift else 0


class _Audits:
    """One audit, or one after the other."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.found_drift = False

    async def run(self, arguments: argparse.Namespace) -> None:
        redis_url, database_url = running.redis_url(arguments.data), running.database_url(arguments.data)
        lease = _lease_seconds()
        try:
            async with ScriptRunner.open(redis_url) as runner, connected(database_url) as connection:
                auditor = Auditor(runner, redis_url, round(lease * 1_000))
                while True:
                    report = await auditor.look(connection)
                    found = _by_kind(report.drifts)
                    if arguments.watch is None:
                        found |= await self._after_a_lease(auditor, connection, report, lease)
                    if arguments.all:
                        report.sessions, drifts = await _all_sessions(connection)
                        found |= _by_kind(drifts)
                    self._show(report, list(found.values()))
                    if arguments.watch is None:
                        return
                    await asyncio.sleep(arguments.watch)
        except StoreUnavailable as failure:
            raise StartError(f"Redis: {failure}") from None
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
            raise StartError(f"Postgres: {failure}") from None

    async def _after_a_lease(
        self, auditor: Auditor, connection: Connection, report: Report, lease: float
    ) -> dict[tuple[str, str], Drift]:
        """Look again at the pools whose row was newer than their register: only after a lease that is drift."""
        found: dict[tuple[str, str], Drift] = {}
        behind = report.behind
        for seconds in (SOON_SECONDS, lease):
            if behind:
                with self._console.status(f"{len(behind)} pools have not heard of their newest sale: looking again"):
                    await asyncio.sleep(seconds)
                again = await auditor.look_again(connection, behind)
                found |= _by_kind(again.drifts)
                behind = again.behind
        return found

    def _show(self, report: Report, drifts: list[Drift]) -> None:
        self.found_drift = self.found_drift or bool(drifts)
        outcome = f"[red]{len(drifts)} disagree[/]" if drifts else "[green]no drift[/]"
        counts = f"{report.pools} pools, {report.held} seats held, {report.sessions} sessions' bookings"
        self._console.print(f"{time.strftime('%H:%M:%S')}  {counts}: {outcome}", highlight=False)
        for pool in report.unsummed:
            self._console.print(f"{pool} has too many holds to be summed.", style="yellow", highlight=False)
        if drifts:
            self._console.print(_table(drifts))


def _table(drifts: Iterable[Drift]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("pool", "what", "Redis", "Postgres"):
        table.add_column(name, overflow="fold")
    for drift in drifts:
        table.add_row(drift.pool, drift.kind, _words(drift.redis), _words(drift.postgres))
    return table


def _words(says: Mapping[str, int | str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in says.items()) or "-"


def _by_kind(drifts: Iterable[Drift]) -> dict[tuple[str, str], Drift]:
    return {(drift.pool, drift.kind): drift for drift in drifts}


async def _all_sessions(connection: Connection) -> tuple[int, list[Drift]]:
    compared, drifts = 0, list[Drift]()
    async for count, found in look_at_all_sessions(connection):
        compared += count
        drifts += found
    return compared, drifts


def _lease_seconds() -> float:
    # Nothing else of the settings has a part in this, so they need not be there.
    unused = {"DATABASE_URL": "postgresql://", "REDIS_URL": "redis://", "JWT_SECRETS": secrets.token_hex(32)}
    return Settings.from_environment({**os.environ, **unused}).lease_seconds
