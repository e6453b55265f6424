"""What the seats of a booking cost."""

from collections.abc import Iterable, Sequence

from holds.models import Hold
from service.ids import Entity
from service.resources import Resources
from service.seat_plans.plan import SeatPlan
from service.seats.schemas import ChosenSeat


def priced(plan: SeatPlan, unit_price: int, labels: Iterable[str]) -> list[ChosenSeat]:
    """The seats of these labels, from the first row to the last, where the session's price is `unit_price`."""
    seats = sorted((plan.seats[label] for label in labels), key=lambda seat: seat.position)
    return [{"label": seat.label, "kind": seat.kind, "price": seat.price(unit_price)} for seat in seats]


def total(chosen: Sequence[ChosenSeat]) -> int:
    """What the seats cost together, in cents."""
    return sum(seat["price"] for seat in chosen)


async def seats_of_hold(resources: Resources, hold: Hold) -> list[ChosenSeat]:
    """The seats of a hold at the session's price of this moment, or of some seconds before."""
    price = await resources.seat_prices.of(resources.postgres, Entity.SESSION.number(hold.pool) or 0)
    return [] if price is None else await priced_hold(resources, hold, price)


async def priced_hold(resources: Resources, hold: Hold, unit_price: int) -> list[ChosenSeat]:
    """All seats of a hold, as its own plan has them, which may not be the session's any more."""
    return priced(await resources.seat_plans.get(int(hold.plan)), unit_price, hold.labels) if hold.plan else []
