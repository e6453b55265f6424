"""Looking at the seats of a session."""

from collections.abc import Mapping, Set

from holds.errors import NotNumbered, PoolNotFound
from holds.models import SeatMap
from service.errors import SEAT_PLAN_NOT_FOUND, SESSION_CANCELLED, SESSION_NOT_FOUND, ApiError
from service.http.endpoint import Call
from service.ids import Entity
from service.inventory import pool_of_session
from service.resources import Resources
from service.seat_plans.plan import Seat as PlannedSeat
from service.seat_plans.plan import SeatPlan
from service.seats import queries
from service.seats.schemas import Seat, SeatRow, SeatsAnswer, State

_STATES: Mapping[str, State] = {"x": "sold", "o": "held"}
"""What the characters of a map mean; those of free seats are the plan's own."""


async def show_seats(call: Call[None, None]) -> SeatsAnswer:
    """Show the seats of a session

    The seat plan with each seat's price and state, all as of one moment: `free`, `held` in an open booking, `sold`, or
    `yours`, in an open booking of who asks with a token.
    """
    resources, session_id = call.resources, call.ids["session_id"]
    try:
        # Redis first: a session that is cancelled meanwhile is found cancelled below.
        seen = await resources.looks.of(resources.engine, pool_of_session(session_id))
    except (PoolNotFound, NotNumbered):
        seen = None
    price = await _price(resources, session_id)
    if seen is None:
        raise ApiError(SEAT_PLAN_NOT_FOUND)
    plan = await resources.seat_plans.get(int(seen.seating.plan))
    owner = None if call.principal is None else Entity.USER.public(call.principal.user_id)
    own = {position for hold in seen.holds if hold.owner == owner for position in hold.positions}
    return {"session_id": Entity.SESSION.public(session_id), "rows": _rows(plan, price, seen, own)}


async def _price(resources: Resources, session_id: int) -> int:
    """The session's price. Raises `ApiError` unless it sells numbered seats."""
    async with resources.postgres.acquire() as connection:
        session = await queries.seated_session(connection, session_id)
    if session is None:
        raise ApiError(SESSION_NOT_FOUND)
    if session["seat_plan_id"] is None:
        raise ApiError(SEAT_PLAN_NOT_FOUND)
    if session["cancelled"]:
        raise ApiError(SESSION_CANCELLED)
    price: int = session["price"]
    return price


def _rows(plan: SeatPlan, unit_price: int, seen: SeatMap, own: Set[int]) -> list[SeatRow]:
    def shown(seat: PlannedSeat | None) -> Seat | None:
        if seat is None:
            return None
        position = seat.position
        return {
            "label": seat.label,
            "number": seat.number,
            "kind": seat.kind,
            "price": seat.price(unit_price),
            "state": "yours" if position in own else _STATES.get(seen.map[position], "free"),
        }

    return [{"label": row.label, "seats": [shown(seat) for seat in row.seats]} for row in plan.rows]
