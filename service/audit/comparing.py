"""What counts as drift."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from asyncpg import Record

from holds.inspection import PoolState
from service.inventory import as_inventory


class Kind(StrEnum):
    """What disagrees.

    `REGISTER`: a register and its row of the same version, or a register newer than any row. `LEASE`: a register that
    decides for longer than a lease allows. `HELD`: the sum of held seats and the holds. `BOOKINGS`: a row's sold seats
    and its confirmed bookings, and which of its numbered seats are sold, and to whom.
    """

    REGISTER = "register"
    LEASE = "lease"
    HELD = "held"
    BOOKINGS = "bookings"


@dataclass(frozen=True, slots=True)
class Drift:
    """Something that disagrees: what each side says, by name."""

    pool: str
    kind: Kind
    redis: Mapping[str, int | str]
    postgres: Mapping[str, int | str]


def compare_register(pool: str, state: PoolState, row: Record) -> Iterator[Drift]:
    """A pool's register with its row, which was read after it.

    Only equal versions are compared: every change of a row has a version of its own, so two copies of one version that
    differ cannot both be true. A newer row is news that Redis has not heard yet. An older one is a database that went
    back.
    """
    register, inventory = state.register, as_inventory(row)
    if state.closed or inventory.version > register.version:
        return
    names = ("version", "capacity", "sold", "sales_end", "plan", "sold_cells")
    wrong = [name for name in names if getattr(register, name) != getattr(inventory, name)]
    if wrong:
        said, known = ({name: getattr(side, name) for name in wrong} for side in (register, inventory))
        yield Drift(pool, Kind.REGISTER, said, known)


def compare_lease(pool: str, state: PoolState, lease: int) -> Iterator[Drift]:
    """A pool's lease with the longest that there is: `lease` ms from now."""
    if state.fresh_until > state.now + lease:
        yield Drift(pool, Kind.LEASE, {"fresh_for_ms": state.fresh_until - state.now}, {})


def compare_held(pool: str, state: PoolState) -> Iterator[Drift]:
    """A pool's sum of held seats with its holds. A pool that is being dropped loses them step by step."""
    if state.closed or state.seats is None:
        return
    if state.held != state.seats or state.holds != state.indexed:
        live = {"held": state.held - state.lapsed, "seats_of_live_holds": state.seats - state.lapsed}
        counts = {} if state.holds == state.indexed else {"holds": state.holds, "holds_with_seats": state.indexed}
        yield Drift(pool, Kind.HELD, live | counts, {})


def compare_bookings(pool: str, row: Record) -> Iterator[Drift]:
    """A row with its confirmed bookings."""
    if row["sold"] != row["booked"]:
        yield Drift(pool, Kind.BOOKINGS, {}, {"sold": row["sold"], "seats_of_confirmed_bookings": int(row["booked"])})
    if row["owners"] is not None and not row["sold"] == row["owners"] == row["owned"]:
        names = {"sold": "sold", "numbered_seats_of_bookings": "owners", "sold_ones_among_them": "owned"}
        yield Drift(pool, Kind.BOOKINGS, {}, {name: row[column] for name, column in names.items()})
