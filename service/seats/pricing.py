"""What the seats of a booking cost."""

from collections.abc import Iterable, Sequence

from holds.models import Hold
from service.ids import Entity
from service.resources import Resources
from service.seat_plans.plan import SeatPlan
from service.seats import queries
from service.seats.schemas import ChosenSeat


def priced(plan: SeatPlan, unit_price: int, labels: Iterable[str]) -> list[ChosenSeat]:
    """The seats of these labels, from the first row to the last, where the session's price is `unit_price`.

    A label that is not in the plan is left out: the session got another one, and will not sell that seat.
    """
    seats = sorted((plan.seats[label] for label in labels if label in plan.seats), key=lambda seat: seat.position)
    return [ChosenSeat(label=seat.label, kind=seat.kind, price=seat.price(unit_price)) for seat in seats]


def total(chosen: Sequence[ChosenSeat]) -> int:
    """What the seats cost together, in cents."""
    return sum(seat["price"] for seat in chosen)


async def seats_of_hold(resources: Resources, hold: Hold) -> list[ChosenSeat]:
    """The seats of a hold at the prices of this moment."""
    async with resources.postgres.acquire() as connection:
        session = await queries.seated_session(connection, Entity.SESSION.number(hold.pool) or 0)
    if session is None or session["seat_plan_id"] is None:
        return []
    plan = await resources.seat_plans.get(session["seat_plan_id"])
    return priced(plan, session["price"], hold.labels)
