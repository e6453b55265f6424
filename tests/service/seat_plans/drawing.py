"""Seat plans drawn as text, for tests."""

from collections.abc import Mapping
from typing import Any

_KINDS = {".": "standard", "w": "wheelchair", "l": "love", "p": "premium"}


def drawn(*rows: str, supplements: Mapping[str, int] | None = None, focal: tuple[str, int] | None = None) -> Any:
    """A plan of rows `A`, `B`, …: `.` is a seat, `w`, `l` and `p` one of another kind, a space a gap.

    The seats of a row are numbered from 1.
    """
    return {
        "rows": [{"label": chr(ord("A") + index), "seats": _seats(row)} for index, row in enumerate(rows)],
        "focal_point": None if focal is None else {"row": focal[0], "number": focal[1]},
        "supplements": dict(supplements or {}),
    }


def _seats(row: str) -> list[dict[str, Any] | None]:
    seats: list[dict[str, Any] | None] = []
    for cell in row:
        number = 1 + sum(seat is not None for seat in seats)
        seats.append(None if cell == " " else {"number": number, "kind": _KINDS[cell]})
    return seats
