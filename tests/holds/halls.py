"""Halls to try things in, drawn as `Seating.cells` has them."""

from string import ascii_uppercase

from holds.models import Seating


def hall(picture: str, *, plan: str = "pln_1", focal: str | None = None) -> Seating:
    """The seating of the picture: rows are A, B, C…, seats are numbered from 1 on, gaps not counted.

    The focal point is the seat `focal`, else the one nearest to the middle of the picture.
    """
    cells = picture.strip("\n")
    labels = [""] * len(cells)
    for row, line in enumerate(cells.split("\n")):
        start = sum(len(earlier) + 1 for earlier in cells.split("\n")[:row])
        number = 0
        for column, cell in enumerate(line):
            if cell in ".w":
                number += 1
                labels[start + column] = f"{_name(row)}{number}"
    seats = [position for position, label in enumerate(labels) if label]
    position = labels.index(focal) if focal else min(seats, key=lambda seat: abs(2 * seat - len(cells)))
    return Seating(plan, cells, tuple(labels), position)


def rectangle(rows: int, columns: int, *, plan: str = "pln_1") -> Seating:
    """A hall of so many full rows."""
    return hall("\n".join(["." * columns] * rows), plan=plan)


def _name(row: int) -> str:
    return ascii_uppercase[row] if row < 26 else f"{ascii_uppercase[row // 26 - 1]}{ascii_uppercase[row % 26]}"
