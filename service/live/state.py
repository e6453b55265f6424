"""A session as its followers were told that it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from holds.following import Change, SeatChange
from holds.models import SeatMap, SeatState


@dataclass(slots=True)
class SessionState:
    """The session after the change with the id `last`. `labels` of its seats by position, none where they are counted.

    `taken` are the seats that are not free, by position.
    """

    session: str
    last: str
    capacity: int
    sold: int
    held: int
    labels: Sequence[str] = ()
    taken: dict[int, SeatChange] = field(default_factory=dict)

    @classmethod
    def of_counts(cls, session: str, change: Change) -> Self:
        """The session after the change; its seats have no numbers."""
        return cls(session, change.id, change.capacity, change.sold, change.held)

    @classmethod
    def of_hall(cls, hall: SeatMap) -> Self:
        """The session as all of its seats are."""
        ends = {position: hold.closes_at for hold in hall.holds for position in hold.positions}
        taken = {
            position: SeatChange(position, state, ends.get(position) if state is SeatState.HELD else None)
            for position in range(len(hall.map))
            if (state := hall.state(position)) not in (None, SeatState.FREE)
        }
        return cls(hall.pool, hall.change, hall.capacity, hall.sold, hall.held, hall.seating.labels, taken)

    def apply(self, change: Change) -> None:
        """Go on to the state after the change."""
        self.last, self.capacity = change.id, change.capacity
        self.sold, self.held = change.sold, change.held
        for seat in change.seats:
            if seat.state is SeatState.FREE:
                self.taken.pop(seat.position, None)
            else:
                self.taken[seat.position] = seat

    @property
    def is_cancelled(self) -> bool:
        """Nothing else leaves a session without any seats."""
        return self.capacity == 0
