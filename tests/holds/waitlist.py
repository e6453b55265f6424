"""Stands for a line in Postgres: who waits for seats of a pool of `Database`, and what becomes of them."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from holds.models import Entry, Inventory, Line, Offer
from tests.holds.database import Database

LIFETIME = 60_000


class Status(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    LEFT = "left"


class Waitlist:
    """The line of one pool. Every change is a transaction that changes the pool's row, too, and returns it."""

    def __init__(self, database: Database, pool: str) -> None:
        self.entries: dict[str, Entry] = {}
        self.statuses: dict[str, Status] = {}
        self.reads = 0
        self._database, self._pool = database, pool

    async def read(self, pool: str) -> Line | None:
        """What an engine is given to read the line with."""
        assert pool == self._pool
        self.reads += 1
        return self.line

    @property
    def line(self) -> Line:
        waiting = (entry for name, entry in self.entries.items() if self.statuses[name] is Status.WAITING)
        return Line(self.row.line_version, tuple(waiting))

    @property
    def row(self) -> Inventory:
        return self._database.rows[self._pool]

    def join(self, name: str, seats: int, *, lifetime: int = LIFETIME) -> Inventory:
        hold_ids = tuple(f"tkt_{name}_{number}" for number in range(seats))
        self.entries[name] = Entry(name, f"usr_{name}:tickets", hold_ids, lifetime)
        return self.set_status([name], Status.WAITING)

    def set_status(self, names: Iterable[str], status: Status) -> Inventory:
        self.statuses |= dict.fromkeys(names, status)
        row = replace(self.row, version=self.row.version + 1, line_version=self.row.line_version + 1)
        self._database.rows[self._pool] = row
        return row

    def record(self, offers: Iterable[Offer]) -> tuple[list[str], Inventory]:
        """Who is told of an offer, all those whom nobody had told before, and whose offer has not lapsed."""
        waiting = [offer for offer in offers if self.statuses[offer.entry] is Status.WAITING]
        told = [offer.entry for offer in waiting if offer.closes_at > offer.now]
        places = list(self.entries)
        for name in told:
            for earlier in places[: places.index(name)]:
                entry = self.entries[earlier]
                self.entries[earlier] = replace(entry, passed=entry.passed + 1)
        return told, self.set_status(told, Status.OFFERED)
