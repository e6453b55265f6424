"""Seat plans, which never change: each is read once. And which pool has which, as far as is known here."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from holds.errors import PoolNotFound
from holds.models import Seating

ReadSeating = Callable[[str], Awaitable[Seating | None]]

REMEMBERED_PLANS = 500
REMEMBERED_POOLS = 20_000


async def no_seating(plan: str) -> Seating | None:
    """For engines whose pools have no seat plans."""
    raise PoolNotFound(plan)


class Plans:
    """Seat plans by their names, and the plans of pools.

    However many wait for a plan, it is read once. What is remembered of a pool may be wrong by now: its scripts say so.
    """

    def __init__(self, read: ReadSeating) -> None:
        self._read = read
        self._plans: OrderedDict[str, Seating] = OrderedDict()
        self._reading: dict[str, asyncio.Task[Seating]] = {}
        self._pools: OrderedDict[str, str] = OrderedDict()

    async def get(self, plan: str) -> Seating:
        """The plan with this name. Raises `PoolNotFound`, and what reading raises."""
        known = self._plans.get(plan)
        if known is not None:
            return known
        if plan not in self._reading:
            self._reading[plan] = asyncio.create_task(self._read_new(plan))
            self._reading[plan].add_done_callback(lambda done: self._was_read(plan, done))
        return await asyncio.shield(self._reading[plan])

    async def _read_new(self, plan: str) -> Seating:
        seating = await self._read(plan)
        if seating is None:
            raise PoolNotFound(plan)
        self._plans[plan] = seating
        if len(self._plans) > REMEMBERED_PLANS:
            self._plans.popitem(last=False)
        return seating

    def _was_read(self, plan: str, task: "asyncio.Task[Seating]") -> None:
        del self._reading[plan]
        if not task.cancelled():
            task.exception()  # counts as seen, should nobody wait for it any more

    def of(self, pool: str) -> str | None:
        """The name of the pool's plan, empty where only that it has one is known; None where nothing is."""
        return self._pools.get(pool)

    def remember(self, pool: str, plan: str) -> None:
        """The pool has this plan, or one whose name is not known."""
        self._pools[pool] = plan
        if len(self._pools) > REMEMBERED_POOLS:
            self._pools.popitem(last=False)

    def forget(self, pool: str) -> None:
        """The pool has no plan."""
        self._pools.pop(pool, None)


def as_arguments(seating: Seating) -> list[str | int | bytes]:
    """The plan as its script takes it: its labels are words of one length, a space before each, and one at the end."""
    width = max(map(len, seating.labels)) + 1
    labels = "".join(f" {label}".ljust(width) for label in seating.labels)
    return [seating.plan, seating.cells, f"{labels} ", seating.focal]
