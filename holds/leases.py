"""Loading pools from the database: what Redis believes of a pool is a lease, and the engine renews it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from holds.errors import PoolNotFound
from holds.models import Inventory

log = logging.getLogger(__name__)

Read = Callable[[str], Awaitable[Inventory | None]]
Write = Callable[[str, Inventory, int], Awaitable[object]]


class Leases:
    """Renews pools' leases: `read` reads a pool's row from the database, None when there is none; `write` loads it.

    However many wait for a pool, it is read once.
    """

    def __init__(self, read: Read, write: Write) -> None:
        self._read = read
        self._write = write
        self._renewing: dict[str, asyncio.Task[None]] = {}

    async def renewed(self, pool: str, read_at: int) -> None:
        """Wait for the renewal under way, or a new one. `read_at` is a moment of now by the clock of the pool's node.

        Raises `PoolNotFound`, `StoreUnavailable`, and what reading raises.
        """
        await asyncio.shield(self.renew(pool, read_at))

    def renew(self, pool: str, read_at: int) -> "asyncio.Task[None]":
        """Renew the lease in the background, unless that is under way."""
        task = self._renewing.get(pool)
        if task is None:
            task = self._renewing[pool] = asyncio.create_task(self._renew(pool, read_at))
            task.add_done_callback(lambda done: self._renewed(pool, done))
        return task

    async def close(self) -> None:
        """Wait for the renewals under way."""
        await asyncio.gather(*self._renewing.values(), return_exceptions=True)

    async def _renew(self, pool: str, read_at: int) -> None:
        inventory = await self._read(pool)
        if inventory is None:
            raise PoolNotFound(pool)
        await self._write(pool, inventory, read_at)

    def _renewed(self, pool: str, task: "asyncio.Task[None]") -> None:
        del self._renewing[pool]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.debug("%s was not loaded: %s", pool, error)
