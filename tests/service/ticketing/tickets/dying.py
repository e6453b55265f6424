"""Bookings that are killed before a certain request to Redis or Postgres: `python -m … < deaths`.

Each is a process of its own, which forks off before it has opened anything.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from asyncpg.connection import Connection

from holds.errors import StoreUnavailable
from service.errors import SERVICE_UNAVAILABLE, ApiError
from service.lifespan import opened
from service.resources import Resources
from service.settings import Settings
from service.ticketing.tickets.booking import book
from tests.stalls import TooSlow

AT_ONCE = 3
"""How many run at one time."""
LATE = 75
"""What a process ends with that was not answered in time."""
_BACKGROUND = ("token_revocations", "node_leases", "JIT")
"""What the service asks Postgres by itself."""


@dataclass(frozen=True, slots=True)
class Death:
    """A call for `ticket_ids` that ends before the request with this number."""

    request: int
    user_id: int
    ticket_ids: list[str]


async def run(settings: Settings, deaths: list[Death]) -> list[bool]:
    """Let all of them happen; whether each of the processes was killed, rather than having booked the tickets."""
    asked = {"settings": settings.model_dump(mode="json"), "deaths": [asdict(death) for death in deaths]}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    answer, _ = await process.communicate(json.dumps(asked).encode())
    ends: list[int] = json.loads(answer)
    if LATE in ends:
        raise TooSlow("Redis or Postgres did not answer in time")
    assert set(ends) <= {-signal.SIGKILL, 0}
    return [end != 0 for end in ends]


def main() -> None:
    asked = json.load(sys.stdin)
    settings = Settings.model_validate(asked["settings"])
    running: list[int] = []
    ends: list[int] = []
    for death in asked["deaths"]:
        if len(running) == AT_ONCE:
            ends.append(_end_of(running.pop(0)))
        running.append(os.fork())
        if not running[-1]:
            os._exit(asyncio.run(_book(settings, Death(**death))))
    print(json.dumps([*ends, *map(_end_of, running)]))


def _end_of(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


async def _book(settings: Settings, death: Death) -> int:
    """The status to end with, if it lives to."""
    async with AsyncExitStack() as stack:
        resources = await _resources(stack, settings)
        left = death.request

        def count() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        submit = resources.redis._submit

        def counted_submit(request: Any) -> None:
            count()
            submit(request)

        resources.redis._submit = counted_submit
        for name in ("execute", "fetch", "fetchrow", "fetchval"):
            setattr(Connection, name, _counted(getattr(Connection, name), count))
        try:
            await book(resources, death.user_id, [UUID(ticket_id) for ticket_id in death.ticket_ids])
        except (TimeoutError, StoreUnavailable):
            return LATE
        except ApiError as refusal:
            if refusal.kind is not SERVICE_UNAVAILABLE:
                raise
            return LATE
        return 0


async def _resources(stack: AsyncExitStack, settings: Settings) -> Resources:
    """They are opened in time even on a machine that is too slow for them at first."""
    while True:
        try:
            return await stack.enter_async_context(opened(settings))
        except TimeoutError:
            continue


def _counted(ask: Callable[..., Awaitable[Any]], count: Callable[[], None]) -> Callable[..., Awaitable[Any]]:
    async def counted(connection: Any, query: str, *arguments: Any, **options: Any) -> Any:
        if not any(word in query for word in _BACKGROUND):
            count()
        return await ask(connection, query, *arguments, **options)

    return counted


if __name__ == "__main__":
    main()
