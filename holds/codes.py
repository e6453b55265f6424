"""What scripts answer: the first number of a reply."""

from enum import IntEnum


class Code(IntEnum):
    """A script's outcome; the headers of the scripts in `lua/` say which of them each one has."""

    OK = 1
    STALE = -1
    MORE_DUE = -2
    SALES_ENDED = -3
    NOT_ENOUGH = -4
    NOT_LIVE = -5
    CLAIMED = -6
    TOO_MANY = -7
    TOO_FEW_SEATS = -8
    NOT_NUMBERED = -9
    OTHER_PLAN = -10
    TAKEN = -11
    NO_BLOCK = -12
    NUMBERED = -13
