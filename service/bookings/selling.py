"""The sale of claimed bookings: the second step of confirming, one transaction for several of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from asyncpg import Record

from holds.models import Claim, Inventory
from service.bookings import queries
from service.bookings.seating import Room
from service.errors import SEATS_TAKEN, SEATS_UNAVAILABLE, SESSION_CANCELLED, ApiError
from service.inventory import as_inventory, lock_inventory, pool_of_session
from service.postgres import Connection
from service.seat_plans.cache import SeatPlans
from service.seat_plans.plan import SeatPlan

Status = Literal["confirmed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Sale:
    """A claimed booking that is to become a row of `status`."""

    booking_id: int
    session_id: int
    user_id: int
    status: Status
    claim: Claim

    @property
    def claims(self) -> tuple[Claim]:
        return (self.claim,)

    @property
    def confirmed_seats(self) -> int:
        """The seats that it takes from the inventory for good."""
        return self.claim.holds[0].seats if self.status == "confirmed" else 0

    @property
    def labels(self) -> Sequence[str]:
        """The numbered seats among them."""
        return self.claim.holds[0].labels if self.status == "confirmed" else ()

    @property
    def plan(self) -> str:
        """The name of the plan that they are of."""
        return self.claim.holds[0].plan

    def row(self) -> dict[str, object]:
        """What `queries.sell` inserts."""
        hold = self.claim.holds[0]
        return {
            "id": self.booking_id,
            "session_id": self.session_id,
            "user_id": self.user_id,
            "seats": hold.seats,
            "status": self.status,
            "opened_at": hold.opened_at,
            "closes_at": hold.closes_at,
            "reserved_at": hold.reserved_at,
        }


@dataclass(frozen=True, slots=True)
class Settled:
    """A booking's row as it is now. `made`: this very sale wrote it, rather than finding it there."""

    booking: Record
    made: bool


Outcome = Settled | Exception


async def sell(
    seat_plans: SeatPlans, connection: Connection, sales: Sequence[Sale]
) -> tuple[list[Outcome], dict[str, Inventory]]:
    """Insert the sales that the inventory allows, within the connection's transaction.

    Returns each sale's outcome, in order, and the inventory by pool as it is now. A sale may find its booking
    settled, or be refused (`ApiError`) without failing the others. The primary key decides between two sales of one
    booking.
    """
    locked = await lock_inventory(connection, list({sale.session_id for sale in sales}))
    inventories = {row["id"]: as_inventory(row) for row in locked}
    plans = await _plans_of(seat_plans, connection, locked)
    outcomes = await _insert(connection, sales, inventories, plans)
    if len(outcomes) < len(sales):
        # A session's bookings are written under the lock on its inventory only: what is not there now will not appear.
        rest = [sale for sale in sales if id(sale) not in outcomes]
        found = {row["id"]: row for row in await queries.settled(connection, [sale.booking_id for sale in rest])}
        outcomes |= {id(s): Settled(found[s.booking_id], made=False) for s in rest if s.booking_id in found}
        # Those that were settled took room that they do not need: once more for the others.
        outcomes |= await _insert(connection, [s for s in rest if s.booking_id not in found], inventories, plans)
    by_pool = {pool_of_session(session_id): row for session_id, row in inventories.items()}
    return [outcomes.get(id(sale)) or _refusal(sale, inventories, plans) for sale in sales], by_pool


def _refusal(sale: Sale, inventories: Mapping[int, Inventory], plans: Mapping[int, SeatPlan]) -> ApiError:
    inventory = inventories.get(sale.session_id)
    if inventory is None or inventory.capacity == 0:  # no place is without seats: the session was cancelled
        return ApiError(SESSION_CANCELLED)
    room = Room(inventory, plans.get(sale.session_id))
    if sale.plan == inventory.plan and (taken := room.sold(sale.labels)):
        return ApiError(SEATS_TAKEN, {"taken": taken})
    return ApiError(SEATS_UNAVAILABLE, {"available": max(room.free, 0)})


async def _plans_of(seat_plans: SeatPlans, connection: Connection, locked: Sequence[Record]) -> Mapping[int, SeatPlan]:
    """The plan of each session that has one; on the sale's own connection, since another may not be had while rows are
    locked."""
    named = {row["id"]: row["seat_plan_id"] for row in locked if row["seat_plan_id"] is not None}
    if not named:
        return {}
    known = await seat_plans.among(connection, set(named.values()))
    return {session_id: known[plan_id] for session_id, plan_id in named.items() if plan_id in known}


def _rooms(inventories: Mapping[int, Inventory], plans: Mapping[int, SeatPlan]) -> dict[int, Room]:
    return {session_id: Room(row, plans.get(session_id)) for session_id, row in inventories.items()}


async def _insert(
    connection: Connection,
    sales: Sequence[Sale],
    inventories: dict[int, Inventory],
    plans: Mapping[int, SeatPlan],
) -> dict[int, Outcome]:
    """Insert those of the sales that fit and are not settled yet; what came of them by the sale's `id()`.

    `inventories` is brought up to date.
    """
    accepted = _accepted(sales, _rooms(inventories, plans))
    if not accepted:
        return {}
    written = await _write(connection, list(accepted.values()), plans)
    changed = {row["session_id"]: row for row in written if row["version"] is not None}
    inventories |= {session_id: as_inventory(row) for session_id, row in changed.items()}
    return {id(accepted[row["id"]]): Settled(row, made=True) for row in written}


def _accepted(sales: Sequence[Sale], rooms: Mapping[int, Room]) -> dict[int, Sale]:
    """The sales that fit, by booking, first come first served."""
    accepted: dict[int, Sale] = {}
    for sale in sales:
        room = rooms.get(sale.session_id)
        if room and sale.booking_id not in accepted and room.take(sale.confirmed_seats, sale.labels, sale.plan):
            accepted[sale.booking_id] = sale
    return accepted


async def _write(connection: Connection, sales: Sequence[Sale], plans: Mapping[int, SeatPlan]) -> list[Record]:
    """The rows of sales that fit. One statement, and where no seat is numbered, a simpler one."""
    seats = [(sale.booking_id, plans[sale.session_id].seats[label]) for sale in sales for label in sale.labels]
    if not seats:
        return await queries.sell(connection, [sale.row() for sale in sales])
    supplements: defaultdict[int, int] = defaultdict(int)
    for booking_id, seat in seats:
        supplements[booking_id] += seat.supplement
    return await queries.sell_seats(
        connection,
        [{**sale.row(), "supplements": supplements[sale.booking_id]} for sale in sales],
        [(booking_id, seat.label, seat.position, seat.kind, seat.supplement) for booking_id, seat in seats],
    )
