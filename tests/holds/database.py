"""Stands for the inventory rows of Postgres: versioned, checked, and read as slowly as a test likes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from holds.models import Inventory, Seating

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
        self.halls: dict[str, Seating] = {}
        self.reads = self.halls_read = 0
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

    def add_hall(self, pool: str, seating: Seating) -> str:
        """A pool whose seats have numbers."""
        self.halls[seating.plan] = seating
        sold_cells = "0" * len(seating.cells)
        self.rows[pool] = Inventory(len(seating.positions), 0, FAR, 1, plan=seating.plan, sold_cells=sold_cells)
        return pool

    def move(self, pool: str, seating: Seating | None) -> Inventory:
        """The unsold pool gets another plan, or none."""
        row = replace(self.rows[pool], version=self.rows[pool].version + 1, plan="", sold_cells="")
        if seating is not None:
            self.halls[seating.plan] = seating
            seats, cells = len(seating.positions), "0" * len(seating.cells)
            row = replace(row, capacity=seats, plan=seating.plan, sold_cells=cells)
        self.rows[pool] = row
        return row

    async def read_hall(self, plan: str) -> Seating | None:
        self.halls_read += 1
        await asyncio.sleep(0)
        return self.halls.get(plan)

    def sell_seats(self, pool: str, labels: Sequence[str]) -> Inventory:
        """The row after the sale. Raises `Oversold` where one of them has an owner, or is not in the plan."""
        return self._turn(pool, labels, "1")

    def refund_seats(self, pool: str, labels: Sequence[str]) -> Inventory:
        """The row after seats that were sold came free."""
        return self._turn(pool, labels, "0")

    def _turn(self, pool: str, labels: Sequence[str], bit: str) -> Inventory:
        row = self.rows[pool]
        cells, positions = list(row.sold_cells), self.halls[row.plan].positions
        for label in labels:
            if label not in positions or cells[positions[label]] == bit:
                raise Oversold
            cells[positions[label]] = bit
        sold = row.sold + (len(labels) if bit == "1" else -len(labels))
        self.rows[pool] = replace(row, sold=sold, sold_cells="".join(cells), version=row.version + 1)
        return self.rows[pool]

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
