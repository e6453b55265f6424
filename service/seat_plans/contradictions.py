"""What is wrong between the parts of a seat plan, each of which may be right by itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_SEATS = 2_000
ROW_LABEL = "^[A-Z0-9]{1,3}$"
LAST_NUMBER = 999

_LABEL = re.compile(ROW_LABEL, re.ASCII)
Path = tuple[str | int, ...]
Contradiction = tuple[Path, str]
"""Where it is, and what is to be said of it."""


@dataclass(frozen=True, slots=True)
class _Row:
    """What is well-formed of a row; `numbers` are those of its seats, each with its index among seats and gaps."""

    index: int
    label: str | None
    numbers: Sequence[tuple[int, int]]
    is_empty: bool

    @property
    def labels(self) -> Iterator[tuple[int, str]]:
        """The labels of its seats, each with the seat's index."""
        return ((index, f"{self.label}{number}") for index, number in self.numbers)


def contradictions(plan: object) -> Iterator[Contradiction]:
    """Every one of a plan as JSON has it. What is malformed of the plan is left out, as if it were not there."""
    rows = list(_rows(plan))
    labelled: list[_Row] = []
    for row in rows:
        yield from _within(row)
        if row.label in [other.label for other in labelled]:
            yield ("rows", row.index, "label"), f"Another row is called {row.label}."
        elif row.label is not None:
            labelled.append(row)
    yield from _between(labelled)
    if sum(len(row.numbers) for row in rows) > MOST_SEATS:
        yield ("rows",), f"A seat plan has {MOST_SEATS} seats at most."
    focal, seats = _focal_point(plan), {(row.label, number) for row in labelled for _, number in row.numbers}
    if focal is not None and seats and focal not in seats:
        yield ("focal_point",), f"The row {focal[0]} has no seat {focal[1]}."


def _within(row: _Row) -> Iterator[Contradiction]:
    if row.is_empty:
        yield ("rows", row.index, "seats"), "A row needs a seat."
    seen: set[int] = set()
    for index, number in row.numbers:
        if number in seen:
            yield ("rows", row.index, "seats", index, "number"), f"Another seat of the row has the number {number}."
        seen.add(number)


def _between(rows: Sequence[_Row]) -> Iterator[Contradiction]:
    """Seats of different rows whose labels are the same: F1 and 1, F and 11."""
    seen: set[str] = set()
    for row in rows:
        for index, label in row.labels:
            if label in seen:
                yield ("rows", row.index, "seats", index, "number"), f"A seat of another row is called {label}."
        seen.update(label for _, label in row.labels)


def _rows(plan: object) -> Iterator[_Row]:
    for index, row in enumerate(_list(_field(plan, "rows"))):
        label, seats = _field(row, "label"), _list(_field(row, "seats"))
        numbers = [(place, _field(seat, "number")) for place, seat in enumerate(seats)]
        yield _Row(
            index,
            label if _is_label(label) else None,
            [(place, number) for place, number in numbers if _is_number(number)],
            bool(seats) and all(seat is None for seat in seats),
        )


def _focal_point(plan: object) -> tuple[str, int] | None:
    point = _field(plan, "focal_point")
    row, number = _field(point, "row"), _field(point, "number")
    return (row, number) if _is_label(row) and _is_number(number) else None


def _field(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _is_label(value: object) -> bool:
    return isinstance(value, str) and _LABEL.fullmatch(value) is not None


def _is_number(value: object) -> bool:
    return type(value) is int and 1 <= value <= LAST_NUMBER
