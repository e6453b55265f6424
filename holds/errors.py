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


class SalesEnded(HoldError):
    """The pool neither opens nor enlarges holds any more."""


class TooManyHolds(HoldError):
    """The owner would have more holds at once than allowed."""


class PoolNotFound(HoldError):
    """The database knows no such pool."""


class StoreUnavailable(Exception):
    """Redis did not answer in time or refused to work. What was asked for may have been done."""
