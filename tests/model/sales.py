"""A pool's row in Postgres, its bookings, and the transactions that sell it: in memory, and one at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from holds.models import Claim, Inventory, Timing


class Phase(StrEnum):
    BEGUN = "begun"
    COMMITTED = "committed"
    REFUSED = "refused"


@dataclass(slots=True, eq=False)
class Sale:
    """A claim whose holds are to be settled by a transaction, as one or with others (`row`: what that one left)."""

    claim: Claim
    cancels: bool
    phase: Phase = Phase.BEGUN
    group: tuple["Sale", ...] = ()
    row: Inventory | None = None
    told: int = 0
    """How often Redis was told of its end."""


class Sold:
    """Postgres: the row, versioned and checked, and the bookings under their primary key."""

    def __init__(self, pool: str, row: Inventory, timing: Timing) -> None:
        self.pool = pool
        self.row = row
        self.bookings: dict[str, int | None] = {}
        """Seats of a sold booking; None for a cancelled one."""
        self.lowered = False
        self.dropped = False
        self._capacities: list[tuple[int, int]] = []
        self._backup = (row, dict(self.bookings), self.dropped)
        self._timing = timing

    def can_commit(self, sale: Sale, now: int) -> bool:
        """Postgres ends a sale's transaction `T` after its claim."""
        return sale.phase is Phase.BEGUN and now <= sale.claim.claimed_at + self._timing.sale

    def commit(self, sales: Sequence[Sale]) -> list[Sale]:
        """One transaction for all of them; gives those that the constraint refused."""
        self._backup = (self.row, dict(self.bookings), self.dropped)
        refused, committed = [], []
        for sale in sales:
            new = {hold.id: hold.seats for hold in sale.claim.holds if hold.id not in self.bookings}
            taken = 0 if sale.cancels else sum(new.values())
            if self.row.sold + taken > self.row.capacity:
                sale.phase = Phase.REFUSED
                refused.append(sale)
                continue
            self.bookings |= dict.fromkeys(new) if sale.cancels else new
            if taken:
                self.row = replace(self.row, sold=self.row.sold + taken, version=self.row.version + 1)
            committed.append(sale)
        for sale in committed:
            sale.phase, sale.group, sale.row = Phase.COMMITTED, tuple(committed), self.row
        return refused

    def resize(self, now: int, capacity: int) -> None:
        self._capacities.append((now, self.row.capacity))
        self.lowered |= capacity < self.row.capacity
        self.row = replace(self.row, capacity=capacity, version=self.row.version + 1)

    def end_sales(self, now: int) -> None:
        self.row = replace(self.row, sales_end=now, version=self.row.version + 1)

    def restore(self) -> None:
        """Go back to before the last transaction."""
        self.row, bookings, self.dropped = self._backup
        self.bookings = dict(bookings)

    def refund(self, booking: str) -> None:
        seats = self.bookings[booking] or 0
        self.bookings[booking] = None
        self.row = replace(self.row, sold=self.row.sold - seats, version=self.row.version + 1)

    def drop(self, now: int) -> None:
        """The session is cancelled, and so is every booking of it."""
        self.row = replace(self.row, sold=0)
        self.resize(now, 0)
        self.bookings = dict.fromkeys(self.bookings)
        self.dropped = True

    def capacity_since(self, moment: int) -> int:
        """The largest capacity in force then or later."""
        return max([self.row.capacity, *(before for until, before in self._capacities if until > moment)])
