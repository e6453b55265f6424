"""Following a pool: what changes in it, as it happens."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from holds.models import SeatState

WATCH = 30_000
"""ms for which scripts write changes down after somebody asked for them, and no longer, unless somebody asks again."""
NONE = "-"
_CELL = re.compile(r"(\d+)(\D)(\d*)", re.ASCII)


_STATES = {"o": SeatState.HELD, "x": SeatState.SOLD}


class SeatChange(NamedTuple):
    """What became of the seat at `position` of the seating. `closes_at`: the end of its hold, in ms, while held."""

    position: int
    state: SeatState
    closes_at: int | None


class Change(NamedTuple):
    """A change of a pool, and its seats as they are after it.

    `id` is `<ms>-<n>` and grows. `free` is below 0 where the capacity was lowered under what is held.
    """

    id: str
    free: int
    sold: int
    held: int
    seats: tuple[SeatChange, ...]

    @property
    def capacity(self) -> int:
        return self.free + self.sold + self.held


class News(NamedTuple):
    """Changes of a pool in order. `joined`: they are those since the one that the caller knows.

    Else that one is not known any more, and they are all that is known, one at least: the last one has the counts of
    now, but seats may have changed that none of them names.
    """

    joined: bool
    changes: tuple[Change, ...]


def news(words: Sequence[bytes]) -> News:
    """What `follow` answers after its moments."""
    joined, *rest = (word.decode() for word in words)
    fields = zip(*(rest[part::5] for part in range(5)), strict=True)
    return News(
        joined == "1",
        tuple(
            Change(change_id, int(free), int(sold), int(held), tuple(_seats(cells)))
            for change_id, free, sold, held, cells in fields
        ),
    )


def _seats(cells: str) -> Iterator[SeatChange]:
    for position, state, closes_at in _CELL.findall("" if cells == NONE else cells):
        yield SeatChange(int(position), _STATES.get(state, SeatState.FREE), int(closes_at) if closes_at else None)
