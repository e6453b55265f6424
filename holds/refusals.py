"""What a script's reply means where it is not what was asked for."""

from collections.abc import Sequence
from typing import Any

from holds.codes import Code
from holds.errors import (
    HoldClaimed,
    HoldEmpty,
    HoldError,
    HoldExpired,
    NotEnoughSeats,
    NotNumbered,
    SalesEnded,
)


class Unseated(HoldError):
    """A refusal about certain seats, for whoever knows the hall: `values` are what the reply has after its code."""

    def __init__(self, code: Code, values: Sequence[Any]) -> None:
        super().__init__(code.name)
        self.code = code
        self.values = values


def refusal(reply: Sequence[Any]) -> HoldError:
    """What to raise."""
    match Code(reply[0]):
        case Code.SALES_ENDED:
            return SalesEnded()
        case Code.NOT_ENOUGH:
            return NotEnoughSeats(reply[1])
        case Code.CLAIMED:
            return HoldClaimed()
        case Code.TOO_FEW_SEATS:
            return HoldEmpty()
        case Code.NOT_LIVE:
            return HoldExpired()
        case Code.NOT_NUMBERED:
            return NotNumbered()
        case Code.OTHER_PLAN | Code.TAKEN | Code.NO_BLOCK | Code.NUMBERED as code:
            return Unseated(code, reply[1:])
        case code:
            raise AssertionError(f"unexpected reply {code!r}")
