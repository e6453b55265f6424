"""A plan knows its seats, and what the engine is told of it."""

import pytest

from holds.models import Seating
from service.seat_plans.plan import SeatPlan
from tests.service.seat_plans.drawing import drawn


def test_the_engine_is_told_cells_and_labels() -> None:
    assert SeatPlan.of(7, drawn(".. w", " lp", focal=("B", 2))).seating == Seating(
        plan="7", cells=".. w\n ..", labels=("A1", "A2", "", "A3", "", "", "B1", "B2"), focal=7
    )


def test_a_single_row_has_no_end() -> None:
    assert SeatPlan.of(1, drawn(". .")).seating == Seating(plan="1", cells=". .", labels=("A1", "", "A2"), focal=0)


def test_seats_are_found_by_label() -> None:
    plan = SeatPlan.of(1, drawn(".p", "w ll", supplements={"premium": 300, "love": 50}))
    assert list(plan.seats) == ["A1", "A2", "B1", "B2", "B3"]
    assert [seat.position for seat in plan.seats.values()] == [0, 1, 3, 5, 6]
    assert [(seat.kind, seat.price(1_000)) for seat in plan.seats.values()] == [
        ("standard", 1_000),
        ("premium", 1_300),
        ("wheelchair", 1_000),
        ("love", 1_050),
        ("love", 1_050),
    ]
    assert [[seat and seat.number for seat in row.seats] for row in plan.rows] == [[1, 2], [1, None, 2, 3]]


@pytest.mark.parametrize(
    ("rows", "label"),
    [
        (["."], "A1"),
        (["...", "..."], "B2"),
        (["...", "...", "..."], "C2"),
        (["." * 9] * 12, "I5"),
        (["....", "....", ". .."], "C2"),  # the middle is a gap: of the two beside it the right one is nearer
        (["." * 8, "." * 8, "..  ...."], "C3"),
        ([".....", "  ..."], "B1"),
    ],
)
def test_the_focal_point_is_in_the_middle_two_thirds_back(rows: list[str], label: str) -> None:
    plan = SeatPlan.of(1, drawn(*rows))
    assert plan.seating.labels[plan.seating.focal] == label
