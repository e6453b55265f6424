"""What is left for sale in a session, for as long as its inventory is locked: so many seats, and which ones."""

from collections.abc import Iterable, Sequence

from holds.models import Inventory
from service.seat_plans.plan import SeatPlan


class Room:
    """A session's unsold seats. Without a plan they are only counted."""

    def __init__(self, inventory: Inventory, plan: SeatPlan | None) -> None:
        self.free = inventory.capacity - inventory.sold
        self._name = inventory.plan
        self._seats = plan.seats if plan else {}
        self._sold_cells = inventory.sold_cells
        self._taken: set[str] = set()

    def take(self, seats: int, labels: Sequence[str], plan: str) -> bool:
        """Take so many seats, those of `labels` where the session has a plan. False, and nothing, where that cannot be.

        With a plan each seat has a label of that very plan: a hold from before the session got this one is not sold any
        seats, though it may have the same labels.
        """
        named = seats if self._name else 0
        if seats > self.free or len(labels) != named or (labels and plan != self._name):
            return False
        if any(label not in self._seats for label in labels) or self.sold(labels):
            return False
        self.free -= seats
        self._taken.update(labels)
        return True

    def sold(self, labels: Iterable[str]) -> list[str]:
        """Those of the labels whose seats are sold."""
        seats = self._seats
        return [
            label
            for label in labels
            if label in self._taken or (label in seats and self._sold_cells[seats[label].position] == "1")
        ]
