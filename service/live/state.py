"""A session as its followers were told that it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from holds.following import Change, SeatChange, SeatState


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
