"""What is left for sale in a session, for as long as its inventory is locked: so many seats, and which ones."""

from collections.abc import Iterable, Sequence

from holds.models import Inventory
from service.seat_plans.plan import SeatPlan


class Room:
    """A session's unsold seats. Without a plan they are only counted."""

    def __init__(self, inventory: Inventory, plan: SeatPlan | None) -> None:
        self._free = inventory.capacity - inventory.sold
        self._plan = plan
        self._sold_cells = inventory.sold_cells
        self._taken: set[str] = set()

    def take(self, seats: int, labels: Sequence[str]) -> bool:
        """Take so many seats, those of `labels` where the session has a plan. False, and nothing, where that cannot be.

        With a plan each seat has a label: a hold from before the session got this one is not sold any seats.
        """
        named = seats if self._plan else 0
        if seats > self._free or len(labels) != named or self.gone(labels):
            return False
        self._free -= seats
        self._taken.update(labels)
        return True

    def gone(self, labels: Iterable[str]) -> list[str]:
        """Those of the labels that are not for sale: no seats of the plan, or sold."""
        seats = self._plan.seats if self._plan else {}
        return [
            label
            for label in labels
            if label in self._taken or label not in seats or self._sold_cells[seats[label].position] == "1"
        ]
