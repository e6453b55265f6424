"""What Redis believes of pools: it is loaded from the database, and loaded again where a script asks for it."""

import asyncio
from collections.abc import Awaitable, Generator, Sequence
from pathlib import Path
from typing import Any

from holds import keys, lines, plans, scripts
from holds.codes import Code
from holds.errors import PoolNotFound, StoreUnavailable
from holds.leases import Leases, Read
from holds.lines import ReadLine
from holds.models import Inventory, Line, Seating, Timing
from holds.plans import Plans, ReadSeating
from holds.references import References
from holds.refusals import refusal
from holds.runner import Argument, ScriptRunner

SCRIPTS = scripts.load(Path(__file__).parent / "lua")
MAX_REPEATS = 1_000
"""How often a script may ask to be called again before Redis counts as unavailable."""
MAX_LOADS = 20
LOAD_PAUSE_SECONDS = 0.005
"""How often a call loads its pool, after pauses that grow by this: a line that changes all the time may be out of date
again whenever it comes. In all that is a second.
"""


class Pools:
    """Pools, and where their rows, their lines and their plans are read; `HoldEngine` says what each is."""

    def __init__(
        self,
        runner: ScriptRunner,
        load: Read,
        timing: Timing | None = None,
        *,
        read_line: ReadLine = lines.no_line,
        read_seating: ReadSeating = plans.no_seating,
    ) -> None:
        self._time = asyncio.get_running_loop().time
        self._runner = runner
        self._timing = timing or Timing()
        self._references = References(runner)
        self._leases = Leases(load, self._load_whole)
        self._read_line = read_line
        self._plans = Plans(read_seating)

    def load(self, pool: str, inventory: Inventory, read_at: int) -> Awaitable[Any]:
        """Write the pool's row, creating the pool. `read_at`: a moment by its node's clock before the row was read.

        Sent at once.
        """
        arguments = [*as_arguments(inventory), read_at, self._timing.lease, self._timing.keep, keys.hold(pool, "")]
        return self._runner.run(SCRIPTS["load"], keys.of_pool(pool), arguments)

    def load_line(self, pool: str, line: Line) -> Awaitable[Any]:
        """Write who waits, unless the pool has this line or knows of a newer one. Sent at once."""
        names = [keys.pool(pool), keys.line(pool), keys.offers(pool), keys.entries(pool)]
        return self._runner.run(SCRIPTS["line"], names, lines.as_arguments(line, self._timing.keep))

    def load_seating(self, pool: str, seating: Seating) -> Awaitable[Any]:
        """Write what the pool's hall looks like, unless its row has another plan by now. Sent at once."""
        names = [*keys.of_pool(pool), keys.seating(pool)]
        return self._runner.run(SCRIPTS["seating"], names, [*plans.as_arguments(seating), keys.hold(pool, "")])

    async def write(self, pool: str, inventory: Inventory) -> None:
        """Tell the pool of a row that has just changed. Its lease is not prolonged; an absent pool stays absent."""
        await self._runner.run(SCRIPTS["write"], [keys.pool(pool)], as_arguments(inventory))

    async def close(self) -> None:
        """Wait for the loads under way."""
        await self._leases.close()

    async def _decide(
        self, pool: str, script: scripts.Script, names: Sequence[str], arguments: Sequence[Argument]
    ) -> Sequence[Any]:
        """What a script that needs the pool's register granted: now, the end of its lease, and what else it has to say.

        The pool is loaded where its lease has run out. A busy one is loaded in the background before its lease ends,
        so that nobody waits for it.
        """
        loads = 0
        for _ in range(MAX_REPEATS):
            reply = await self._runner.run(script, names, arguments)
            if isinstance(reply, bytes) or reply[0] == Code.OK:
                granted = reply.split() if isinstance(reply, bytes) else reply[1:]
                now = int(granted[0])
                if int(granted[1]) - now < self._timing.lease / 2:
                    self._leases.renew(pool, now)
                return granted
            if reply[0] == Code.STALE and loads < MAX_LOADS:
                if loads:
                    await asyncio.sleep(loads * LOAD_PAUSE_SECONDS)
                loads += 1
                await self._leases.renewed(pool, reply[1])
            elif reply[0] == Code.STALE:
                break
            elif reply[0] != Code.MORE_DUE:
                raise refusal(reply)
        raise StoreUnavailable(f"{pool} stays stale, or holds lapse faster than they are reaped")

    async def _load_whole(self, pool: str, inventory: Inventory, read_at: int) -> None:
        """Write the pool's row, and its line and its seating where the slot has others than the row tells of."""
        _, line_is_due, plan_due = await self.load(pool, inventory, read_at)
        if line_is_due:
            line = await self._read_line(pool)
            if line is None:
                raise PoolNotFound(pool)
            await self.load_line(pool, line)
        if plan_due:
            await self.load_seating(pool, await self._plans.get(plan_due.decode()))


def as_arguments(inventory: Inventory) -> list[Argument]:
    """A pool's row as scripts take it."""
    return [
        inventory.version,
        inventory.capacity,
        inventory.sold,
        inventory.sales_end,
        inventory.line_version,
        inventory.plan,
        inventory.sold_cells,
    ]


class All:
    """Awaits every reply to what was sent. `asyncio.gather` would cost more than sending it did."""

    def __init__(self, replies: Sequence[Awaitable[Any]]) -> None:
        self._replies = replies

    def __await__(self) -> Generator[Any, Any, None]:
        for reply in self._replies:
            yield from reply.__await__()
