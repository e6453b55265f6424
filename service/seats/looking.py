"""Looking at halls: one look at a session after the other, however many ask."""

import asyncio

from holds.engine import HoldEngine
from holds.models import SeatMap

PATIENCE_SECONDS = 0.2
"""How long a look waits for the one before it: where Redis does not answer, nobody is to wait for that twice."""


class Looks:
    """The looks of one process at the pools of sessions.

    A look is for all who asked before it began, and for nobody who came later: what somebody did before asking is seen.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Task[SeatMap]] = {}
        self._running: dict[str, asyncio.Task[SeatMap]] = {}

    async def of(self, engine: HoldEngine, pool: str) -> SeatMap:
        """Every seat of the pool at a moment from now on. Raises what `HoldEngine.seats` raises."""
        look = self._waiting.get(pool)
        if look is None:
            look = asyncio.create_task(self._look(engine, pool))
            look.add_done_callback(_is_seen)
            self._waiting[pool] = look
        return await asyncio.shield(look)

    async def _look(self, engine: HoldEngine, pool: str) -> SeatMap:
        if earlier := self._running.get(pool):
            await asyncio.wait([earlier], timeout=PATIENCE_SECONDS)
        look = self._running[pool] = self._waiting.pop(pool)
        try:
            return await engine.seats(pool)
        finally:
            if self._running.get(pool) is look:
                del self._running[pool]


def _is_seen(look: "asyncio.Task[SeatMap]") -> None:
    if not look.cancelled():
        look.exception()  # counts as seen, should nobody wait for it any more
