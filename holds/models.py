"""What the engine takes and gives. Moments are milliseconds since the Unix epoch by the clock of the pool's node."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class HoldState(StrEnum):
    """`CLAIMED`: a sale is under way, and nothing else may change the hold."""

    OPEN = "open"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Inventory:
    """A pool's row in Postgres. `version` grows with every change of the row; after `sales_end` nothing is opened."""

    capacity: int
    sold: int
    sales_end: int
    version: int
    line_version: int = 0
    """Grows with every change of the pool's line. 0: there never was one."""
    plan: str = ""
    """The name of the pool's seat plan; a pool without one counts its seats, and they have no labels."""
    sold_cells: str = ""
    """For each cell of the plan `1` where its seat is sold, else `0`; empty without a plan."""


@dataclass(frozen=True)
class Seating:
    """The seats of a hall, as its plan has them; a plan never changes. Its name and its labels have no spaces.

    `cells` is the hall as a text, one line a row: `.` a seat, `w` a wheelchair place, a space where there is none.
    `labels` has the label of each cell, empty where there is no seat. `focal` is the cell from where all is seen best.
    """

    plan: str
    cells: str
    labels: tuple[str, ...]
    focal: int

    @cached_property
    def positions(self) -> dict[str, int]:
        """The cell of each label."""
        return {label: position for position, label in enumerate(self.labels) if label}


class SeatState(StrEnum):
    """What a seat is at one moment."""

    FREE = "free"
    HELD = "held"
    SOLD = "sold"


class HeldSeats(NamedTuple):
    """The cells of a live hold. A claimed hold is still there after `closes_at`, while it is sold."""

    id: str
    owner: str
    positions: tuple[int, ...]
    closes_at: int


@dataclass(frozen=True, slots=True)
class SeatMap:
    """Every seat of a pool at one moment, `now`.

    `map` is the hall as `Seating.cells` has it, with `o` for seats that are held and `x` for those sold. `change` is
    the id of the last change that this includes, empty where nobody watches.
    """

    pool: str
    now: int
    seating: Seating
    map: str
    holds: tuple[HeldSeats, ...]
    capacity: int
    sold: int
    held: int
    change: str

    def state(self, position: int) -> SeatState | None:
        """The state of a cell; None where there is no seat."""
        return _STATES.get(self.map[position])


_STATES = {".": SeatState.FREE, "w": SeatState.FREE, "o": SeatState.HELD, "x": SeatState.SOLD}


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who waits for seats: one for each of `hold_ids`, which are the holds that an offer opens.

    An offer lasts for `lifetime` ms from when it is made. `passed`: how often it was passed over, as far as the
    database knows. No id has spaces.
    """

    id: str
    owner: str
    hold_ids: tuple[str, ...]
    lifetime: int
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Who waits, in order of joining, without those who were offered something. `version`: of the row that says so."""

    version: int
    entries: tuple[Entry, ...]


class Offer(NamedTuple):
    """Seats that were opened for an entry, as holds of one seat each. `now`: when this was read; it may have ended."""

    entry: str
    owner: str
    hold_ids: tuple[str, ...]
    made_at: int
    closes_at: int
    now: int


class Hold(NamedTuple):
    """Seats of a pool kept for an owner until `closes_at`. `reserved_at` is when it first had seats.

    `now` is when this was read: `closes_at - now` is right even where the caller's clock is wrong.
    """

    id: str
    pool: str
    owner: str
    seats: int
    state: HoldState
    opened_at: int
    reserved_at: int | None
    closes_at: int
    now: int
    labels: tuple[str, ...] = ()
    """The labels of its seats, where the pool has a seat plan."""
    plan: str = ""
    """The name of the plan that they are of, which may not be the pool's any more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Holds of one pool, frozen under `token` while they are sold.

    `deadline`, by the event loop's clock, is when the sale's transaction must have ended; it is never later than
    `claimed_at` plus the sale's time by the clock of the pool's node.
    """

    pool: str
    owner: str
    token: str
    claimed_at: int
    deadline: float
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class Availability:
    """A pool as Redis knows it. `fresh`: its lease has not run out, so that it may decide."""

    capacity: int
    sold: int
    held: int
    sales_end: int
    version: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Timing:
    """The durations of the protocol, in ms; `holds/README.md` says what they must satisfy."""

    sale: int = 5_000
    lease: int = 10_000
    claim: int = 25_000
    memory: int = 900_000

    def __post_init__(self) -> None:
        if self.claim < 2 * self.sale + self.lease:
            raise ValueError("a claim must last at least two sales and a lease")

    @property
    def keep(self) -> int:
        """How long a pool's keys outlive its last hold: a claim may prolong that hold by a claim's time."""
        return 2 * self.claim
