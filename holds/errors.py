"""Everything that the engine raises."""


class HoldError(Exception):
    """A refusal; what was asked for was not done, not even in part."""


class HoldNotFound(HoldError):
    """There is no such hold of this owner."""


class HoldExpired(HoldError):
    """The owner's hold is over: it lapsed, or it was settled and only the database knows more."""


class HoldClaimed(HoldError):
    """A sale of the hold is under way."""


class HoldEmpty(HoldError):
    """The hold has fewer seats than the claim demands."""


class NotEnoughSeats(HoldError):
    """The pool has only `free` seats left, fewer than asked for."""

    def __init__(self, free: int) -> None:
        super().__init__(f"{free} seats are free")
        self.free = free


class NoBlock(NotEnoughSeats):
    """No so many free seats are side by side. `split` has the labels of the best groups that the party fits into.

    It is empty where too few seats are free.
    """

    def __init__(self, free: int, split: tuple[tuple[str, ...], ...] = ()) -> None:
        super().__init__(free)
        self.split = split


class SeatsTaken(HoldError):
    """These of the seats asked for are held by somebody else, or sold."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__(" ".join(labels))
        self.labels = labels


class UnknownSeats(HoldError):
    """The pool's plan has no seats with these labels."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__(" ".join(labels))
        self.labels = labels


class NotNumbered(HoldError):
    """The pool has no seat plan: its seats are counted."""


class SalesEnded(HoldError):
    """The pool neither opens nor enlarges holds any more."""


class TooManyHolds(HoldError):
    """The owner would have more holds at once than allowed."""


class PoolNotFound(HoldError):
    """The database knows no such pool."""


class StoreUnavailable(Exception):
    """Redis did not answer in time or refused to work. What was asked for may have been done."""
