"""What the states of the confirming protocol's model are made of."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Rules:
    """Durations in ticks, the world's size, and the guards. `claim` None: `2 T + L` and a tick, time being discrete."""

    sale: int = 1
    lease: int = 2
    claim: int | None = None
    life: int = 1
    attempts: int = 2
    loads: int = 1
    cancelling: bool = True
    dropping: bool = True

    version_guard: bool = True
    lease_guard: bool = True
    read_at_before_reading: bool = True
    takeover_guard: bool = True
    unclaim_guard: bool = True
    primary_key: bool = True
    drop_keeps_register: bool = True

    @property
    def claim_ticks(self) -> int:
        return 2 * self.sale + self.lease + 1 if self.claim is None else self.claim


class Outcome(IntEnum):
    """What Postgres has under the booking's primary key."""

    NONE = 0
    SOLD = 1
    CANCELLED = 2


class Violation(StrEnum):
    SOLD_SEAT_GRANTED = "a seat is granted that is sold, or that may still be sold"
    DROPPED_POOL_REVIVED = "a dropped pool grants a seat"
    TWO_OUTCOMES = "a booking is sold and cancelled"


class Row(NamedTuple):
    """The inventory row, as far as it is read: `free` is capacity less sold."""

    version: int
    free: int


class Postgres(NamedTuple):
    row: Row
    outcome: Outcome
    dropped: bool


class Register(NamedTuple):
    """`fresh`: ticks for which it still decides. `written`: in this tick."""

    row: Row
    fresh: int
    written: bool


class Hold(NamedTuple):
    """Ticks left until it closes and until it ends; `since`: ticks since the last claim, None while open."""

    closes: int
    ends: int
    since: int | None
    taken_over: bool


class Phase(IntEnum):
    IDLE = 0
    CLAIMED = 1
    COMMITTED = 2
    FAILED = 3


class Attempt(NamedTuple):
    """A worker's try to settle the hold. `age`: ticks since its claim. `owns`: the hold carries its token."""

    phase: Phase = Phase.IDLE
    cancels: bool = False
    age: int = 0
    news: bool = False
    owns: bool = False
    row: Row = Row(0, 0)


class Load(NamedTuple):
    """`age`: ticks since it asked the time; None: idle. `row`: what it read, None before."""

    age: int | None = None
    news: bool = False
    row: Row | None = None


class State(NamedTuple):
    postgres: Postgres
    register: Register | None
    hold: Hold | None
    attempts: tuple[Attempt, ...]
    loads: tuple[Load, ...]
    dropped: bool
    """In Redis."""
