"""Public ids: a three-letter prefix and a 64-bit snowflake, and the generator that mints the numbers; and UUIDs.

A snowflake has 41 bits of milliseconds since 2025-01-01T00:00:00Z, 10 bits of node and 12 bits of sequence
(after Twitter's Snowflake, 2010): positive, unique across nodes, sorted by creation time.
"""

import os
import time
from collections.abc import Callable
from enum import StrEnum
from uuid import UUID

EPOCH_MS = 1_735_689_600_000
LAST_MS = EPOCH_MS + 2**41 - 1
MAX_NODE = 1_023
MAX_SEQUENCE = 4_095
MAX_NUMBER = 2**63 - 1


def _digits_up_to(limit: int) -> str:
    """The regular expression of the numbers from 1 to `limit`, written without leading zeros."""
    digits = str(limit)
    same_length = [
        f"{digits[:place]}[{int(place == 0)}-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}"
        for place, digit in enumerate(digits[:-1])
        if digit != "0"
    ]
    last = f"{digits[:-1]}[0-{digits[-1]}]"
    return "|".join([f"[1-9][0-9]{{0,{len(digits) - 2}}}", *same_length, last])


DIGITS = f"({_digits_up_to(MAX_NUMBER)})"
"""The regular expression of the numbers that ids have, for who checks ids by their form alone."""


class Entity(StrEnum):
    """What has an id; the value is its prefix."""

    USER = "usr"
    MOVIE = "mov"
    PLACE = "plc"
    SESSION = "ses"
    RATING = "rat"
    BOOKING = "bkg"
    RESERVATION = "rsv"
    GENRE = "gen"
    ACTOR = "act"
    VISIT = "trk"
    EVENT = "evt"
    JOB = "job"

    def public(self, number: int) -> str:
        """The public id of `number`, such as `mov_7291038475629184000`."""
        return f"{self._value_}_{number}"  # `value` is a property, and this is on every request's way

    def number(self, public: str) -> int | None:
        """The number in a public id of this entity, or None when it is not one in its canonical form."""
        prefix, _, digits = public.partition("_")
        if prefix != self._value_:
            return None
        try:
            number = int(digits)
        except ValueError:
            return None
        return number if 1 <= number <= MAX_NUMBER and str(number) == digits else None


def minted_at_ms(number: int) -> int:
    """When a snowflake was minted, by the clock of the process that did: milliseconds since the Unix epoch."""
    return (number >> 22) + EPOCH_MS


def uuid7() -> UUID:
    """A new UUID of version 7 (RFC 9562): 48 bits of milliseconds since the Unix epoch, then 74 random ones."""
    bits = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    return UUID(int=bits & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62)


class NoNode(RuntimeError):
    """No number may be minted: the lease on the node number has run out, or the clock stepped back too far."""


class SnowflakeGenerator:
    """Mints numbers for a node as far as `lease` allows. Belongs to one event loop; never repeats a number.

    `clock` gives milliseconds since the Unix epoch. When it steps back, numbers go on from the last millisecond
    used, up to `MAX_AHEAD_MS` ahead of the clock; beyond that `NoNode` is raised until the clock caught up.
    """

    MAX_AHEAD_MS = 2_000

    def __init__(self, clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self.clock = clock
        self._node: int | None = None
        self._valid_until = 0.0
        self._not_after_ms = 0
        self._last_ms = EPOCH_MS
        self._sequence = MAX_SEQUENCE

    @property
    def last_ms(self) -> int:
        """The last millisecond, since the Unix epoch, in which a number may have been minted."""
        return self._last_ms

    def lease(self, node: int, valid_until: float, after_ms: int = 0, not_after_ms: int = LAST_MS) -> None:
        """Mint for `node` until `time.monotonic()` reaches `valid_until`, in milliseconds between the two bounds.

        The second one is inclusive; it takes the place of that of an earlier lease, as `valid_until` does.
        """
        self._node, self._valid_until, self._not_after_ms = node, valid_until, min(not_after_ms, LAST_MS)
        if after_ms >= self._last_ms:
            self._last_ms, self._sequence = after_ms, MAX_SEQUENCE

    def next(self) -> int:
        """A new number. Raises `NoNode`."""
        if self._node is None or time.monotonic() >= self._valid_until:
            raise NoNode("no node number is leased")
        now, ms, sequence = self.clock(), self._last_ms, self._sequence + 1
        if now > ms:
            ms, sequence = now, 0
        elif sequence > MAX_SEQUENCE:
            if ms - now >= self.MAX_AHEAD_MS:
                raise NoNode("the clock stepped back")
            ms, sequence = ms + 1, 0
        if ms > self._not_after_ms:
            raise NoNode("the clock is ahead of the lease on the node number")
        self._last_ms, self._sequence = ms, sequence
        return (ms - EPOCH_MS) << 22 | self._node << 12 | sequence
