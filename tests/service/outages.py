"""Taking a server away, in ways in which servers really go."""

import os
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from service.embedded import EmbeddedPostgres, EmbeddedRedis

Server = EmbeddedPostgres | EmbeddedRedis


@asynccontextmanager
async def stopped(server: Server) -> AsyncIterator[None]:
    """Without the server: connections are refused."""
    await server.stop()
    try:
        yield
    finally:
        await server.start()


@asynccontextmanager
async def frozen(server: Server) -> AsyncIterator[None]:
    """With a server that takes connections and requests, and never answers."""
    assert server.process_id
    processes = list(_family(server.process_id))
    try:
        _signal_all(processes, signal.SIGSTOP)
        yield
    finally:
        _signal_all(processes, signal.SIGCONT)


OUTAGES = {"stopped": stopped, "frozen": frozen}


def _family(process: int) -> Iterator[int]:
    """The process, and those that it started: Postgres has one for each connection, and some that come and go."""
    yield process
    with suppress(FileNotFoundError, ProcessLookupError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            yield from _family(int(child))


def _signal_all(processes: Sequence[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)
