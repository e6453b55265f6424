"""How a party that does not fit together is divided, against a slow search that is plainly right."""

import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holds import splitting
from holds.models import Seating
from holds.splitting import split
from tests.holds.halls import hall

Group = tuple[str, ...]


def away(seating: Seating, first: int, count: int) -> float:
    """The distance from the focal point to the middle of a group, in seats; a row is as deep as two of them."""
    lines = seating.cells.split("\n")
    cells = [(row, column) for row, line in enumerate(lines) for column in range(len(line) + 1)]
    (row, column), (focal_row, focal_column) = cells[first], cells[seating.focal]
    return float(((2 * (row - focal_row)) ** 2 + (column + (count - 1) / 2 - focal_column) ** 2) ** 0.5)


def plainly_best(seating: Seating, text: str, count: int) -> tuple[int, int, float] | None:
    """How many groups the best division has, how many people it leaves alone, and how far away all are."""
    runs = [match.span() for match in re.finditer(r"\.+", text)]
    windows = [
        (number, first, size)
        for number, (start, end) in enumerate(runs)
        for size in range(1, end - start + 1)
        for first in range(start, end - size + 1)
    ]
    for groups in range(1, len(runs) + 1):
        found = [
            (groups, sum(size == 1 for *_, size in some), sum(away(seating, first, size) for _, first, size in some))
            for some in combinations(windows, groups)
            if sum(size for *_, size in some) == count and len({number for number, *_ in some}) == groups
        ]
        if found:
            return min(found)
    return None


@settings(max_examples=200, deadline=None)
@given(
    lines=st.lists(st.text(st.sampled_from("..xx "), min_size=1, max_size=7), min_size=1, max_size=3),
    count=st.integers(2, 6),
    focal=st.integers(0, 30),
)
def test_no_division_is_better(lines: list[str], count: int, focal: int) -> None:
    """Made to fail by each of: groups as they come, the largest ones first, and singles counted as others."""
    text = "\n".join(lines)
    seats = hall(re.sub("[x ]", ".", text))
    seating = replace(seats, focal=list(seats.positions.values())[focal % len(seats.positions)])
    groups = split(seating, text, count, 0)
    best = plainly_best(seating, text, count)
    if best is None:
        assert groups == ()
        return
    firsts = [(seating.positions[group[0]], len(group)) for group in groups]
    found = (len(groups), sum(size == 1 for _, size in firsts), sum(away(seating, *first) for first in firsts))
    assert found == pytest.approx(best)
    assert sum(map(len, groups)) == count
    assert all(text[seating.positions[label]] == "." for group in groups for label in group)


@pytest.mark.parametrize(
    ("picture", "focal", "count", "wheelchair", "groups"),
    [
        ("...x..", "A3", 4, 0, "A2 A3|A5 A6"),
        ("...x.", "A3", 4, 0, "A1 A2 A3|A5"),
        ("..x..x..", "A1", 5, 0, "A1|A4 A5|A7 A8"),
        ("..x..x..", "A7", 6, 0, "A7 A8|A4 A5|A1 A2"),
        ("..x..x..", "A4", 7, 0, ""),
        ("..x...\n......", "A6", 7, 0, "A5 A6|B2 B3 B4 B5 B6"),
        ("..ww..", "A1", 4, 0, "A1 A2|A5 A6"),
        ("..x.w", "A1", 3, 1, "A1|A4 A5"),
        ("...x..w", "A4", 4, 1, "A2 A3|A6 A7"),
        ("...x...", "A4", 4, 1, ""),
    ],
)
def test_divisions(picture: str, focal: str, count: int, wheelchair: int, groups: str) -> None:
    seating = hall(picture.replace("x", "."), focal=focal)
    found = split(seating, picture, count, wheelchair)
    assert "|".join(" ".join(group) for group in found) == groups


def test_a_large_party_in_a_scattered_hall_is_divided_in_no_time() -> None:
    """Some thousand steps; trying every division would take ages."""
    text = "\n".join(["..x" * 30] * 34)
    groups = split(hall(text.replace("x", ".")), text, 20, 0)
    assert [len(group) for group in groups] == [2] * 10


def test_the_largest_parties_are_not_divided() -> None:
    """No search is begun: a hall of 2,000 seats and half a party in wheelchairs once took a minute."""
    text = "\n".join(["...wx" * 20] * 20)
    assert split(hall(text.replace("x", ".")), text, 21, 0) == ()
    assert split(hall(text.replace("x", ".")), text, 99, 40) == ()


def test_no_search_is_longer_than_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in steps, not in seconds. Made to fail by `_TooLong` never raised."""
    text = "\n".join(["...wx" * 20] * 20)
    seating = hall(text.replace("x", "."))
    assert sum(map(len, split(seating, text, 20, 5))) == 20
    monkeypatch.setattr(splitting, "MOST_STEPS", 1_000)
    assert split(seating, text, 20, 5) == ()
