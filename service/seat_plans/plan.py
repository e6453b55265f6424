"""A seat plan as the service works with it: every seat by its label, with its place and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holds.models import Seating
from service.seat_plans.schemas import Kind

_CELLS: Mapping[Kind, str] = {"wheelchair": "w"}
"""How kinds are told apart in `Seating.cells`: all others are seats like any."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a plan. `position` is that of its cell, `supplement` what it costs beyond the session's price."""

    label: str
    number: int
    kind: Kind
    position: int
    supplement: int

    def price(self, unit_price: int) -> int:
        """In cents, where the session's price is `unit_price`."""
        return unit_price + self.supplement


@dataclass(frozen=True, slots=True)
class Row:
    """A row from left to right; None is a gap."""

    label: str
    seats: tuple[Seat | None, ...]


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """The plan of that id. `seats` are by label, in the order of positions; `seating` is what the engine knows."""

    id: int
    rows: tuple[Row, ...]
    seats: Mapping[str, Seat]
    seating: Seating

    @classmethod
    def of(cls, plan_id: int, plan: Mapping[str, Any]) -> "SeatPlan":
        """The plan as `seat_plans.plan` has it: without contradictions."""
        rows = _rows(plan)
        seats = {seat.label: seat for row in rows for seat in row.seats if seat}
        return cls(plan_id, rows, seats, _seating(plan_id, rows, _focal(plan, rows, seats)))


def _rows(plan: Mapping[str, Any]) -> tuple[Row, ...]:
    rows, position = [], 0
    for row in plan["rows"]:
        seats = []
        for seat in row["seats"]:
            seats.append(None if seat is None else _seat(plan, row["label"], seat, position))
            position += 1
        rows.append(Row(row["label"], tuple(seats)))
        position += 1  # the end of the row is a cell, too
    return tuple(rows)


def _seat(plan: Mapping[str, Any], row: str, seat: Mapping[str, Any], position: int) -> Seat:
    kind: Kind = seat["kind"]
    return Seat(f"{row}{seat['number']}", seat["number"], kind, position, plan["supplements"].get(kind, 0))


def _seating(plan_id: int, rows: tuple[Row, ...], focal: int) -> Seating:
    cells = "\n".join("".join(_CELLS.get(seat.kind, ".") if seat else " " for seat in row.seats) for row in rows)
    labels = [[seat.label if seat else "" for seat in row.seats] for row in rows]
    ends = [*[[""]] * (len(rows) - 1), []]
    return Seating(
        plan=str(plan_id),
        cells=cells,
        labels=tuple(label for row, end in zip(labels, ends, strict=True) for label in (*row, *end)),
        focal=focal,
    )


def _focal(plan: Mapping[str, Any], rows: tuple[Row, ...], seats: Mapping[str, Seat]) -> int:
    """The seat that the plan names; else the one in the middle of the row two thirds of the way back."""
    if point := plan["focal_point"]:
        return seats[f"{point['row']}{point['number']}"].position
    middle = (max(len(row.seats) for row in rows) - 1) / 2
    in_row = [(abs(index - middle), seat.position) for index, seat in enumerate(rows[len(rows) * 2 // 3].seats) if seat]
    return min(in_row)[1]
