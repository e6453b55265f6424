"""What is wrong with a file: every faulty row counted, the first ones kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from heapq import merge
from operator import attrgetter

MOST_SHOWN = 100
"""How many faults are reported. All are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the row that begins at `line`, the first line being 1."""

    line: int
    code: str
    message: str
    field: str | None = None

    def shown(self) -> Mapping[str, object]:
        """As it is answered."""
        return {name: value for name, value in asdict(self).items() if value is not None}


class Faults:
    """The first faults of a file by line, and how many rows have any."""

    def __init__(self) -> None:
        self.rows = 0
        self.first: Sequence[Fault] = []

    def add(self, faults: Sequence[Fault], rows: int = 1) -> None:
        """Faults in the order of their lines, and how many rows they stand for: more than are given, perhaps."""
        self.rows += rows
        if len(self.first) < MOST_SHOWN or faults[0].line < self.first[-1].line:
            self.first = _first_of(self.first, faults)


class ImportRefused(Exception):
    """Rows are faulty; nothing was imported."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(f"{faults.rows} rows are faulty")
        self.faults = faults


def _first_of(*lists: Iterable[Fault]) -> list[Fault]:
    return list(merge(*lists, key=attrgetter("line")))[:MOST_SHOWN]
