"""Stands for the inventory rows of Postgres: versioned, checked, and read as slowly as a test likes."""

import asyncio
from dataclasses import replace

from holds.models import Inventory

FAR = 4_000_000_000_000
"""An end of sales that no test reaches, in ms."""


class Oversold(Exception):
    """What the check constraint of the inventory says."""


class Database:
    """Rows by pool. `reads` counts how often one was read; `failure`, if set, is what reading raises.

    A reader waits for `may_read` before it reads, and for `may_return` after.
    """

    def __init__(self) -> None:
        self.rows: dict[str, Inventory] = {}
        self.reads = 0
        self.failure: Exception | None = None
        self.may_read, self.may_return = asyncio.Event(), asyncio.Event()
        self.may_read.set()
        self.may_return.set()

    async def load(self, pool: str) -> Inventory | None:
        self.reads += 1
        await self.may_read.wait()
        row = self.rows.get(pool)
        await self.may_return.wait()
        if self.failure:
            raise self.failure
        return row

    async def was_read(self, times: int = 1) -> None:
        """Return when that many reads have begun."""
        while self.reads < times:  # noqa: ASYNC110  # the engine does not tell
            await asyncio.sleep(0.001)

    def add(self, pool: str, capacity: int, *, sold: int = 0, sales_end: int = FAR) -> str:
        self.rows[pool] = Inventory(capacity, sold, sales_end, version=1)
        return pool

    def change(
        self, pool: str, *, capacity: int | None = None, sold: int | None = None, sales_end: int | None = None
    ) -> Inventory:
        """The row after the change, one version later."""
        row = self.rows[pool]
        row = replace(
            row,
            capacity=row.capacity if capacity is None else capacity,
            sold=row.sold if sold is None else sold,
            sales_end=row.sales_end if sales_end is None else sales_end,
            version=row.version + 1,
        )
        if row.sold > row.capacity:
            raise Oversold
        self.rows[pool] = row
        return row

    def sell(self, pool: str, seats: int) -> Inventory:
        """The row after the sale. Raises `Oversold`."""
        return self.change(pool, sold=self.rows[pool].sold + seats)
