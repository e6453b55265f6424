"""Dividing a party that does not fit together: into as few groups as possible, each side by side in one row.

Of the divisions into so few groups, those that leave the fewest alone come first, then those where the groups'
distances from the focal point add up to least. One run of free seats gets one group.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import hypot
from typing import NamedTuple

from holds.models import Seating

ROW = 2
"""How many seats are as wide as a row is deep; `lua/lib/block.lua` measures likewise."""


MOST_SEATS = 20
"""Larger parties are not divided: no crowd waits for the search, which runs in a worker that serves all others, too."""
MOST_STEPS = 200_000
"""How long the search may be, in windows looked at for a division: some 100 ms. Only halls that are full of wheelchair
places, of which a party wants many, come near."""


class _TooLong(Exception):
    """The search took more than `MOST_STEPS`."""


class _Window(NamedTuple):
    """Free seats side by side, from the cell `first` on, some of them wheelchair places. `run`: where they are."""

    run: int
    first: int
    seats: int
    wheelchair: int
    distance: float


class _Division(NamedTuple):
    """Some groups, and what is compared of divisions: how many are alone, and how far away all are."""

    alone: int
    distance: float
    windows: tuple[_Window, ...]


def split(seating: Seating, hall: str, count: int, wheelchair: int) -> tuple[tuple[str, ...], ...]:
    """The labels of each group, the nearest first. Empty where too few seats are free, or it is too much to search.

    `hall` is a map as `SeatMap` has it. Exactly `wheelchair` of the seats are wheelchair places.
    """
    if count > MOST_SEATS:
        return ()
    runs = [match.span() for match in re.finditer(r"[.w]+" if wheelchair else r"\.+", hall)]
    lengths = sorted((end - start for start, end in runs), reverse=True)
    fewest = sum(seats < count for seats in accumulate(lengths)) + 1
    if hall.count("w") < wheelchair or hall.count(".") < count - wheelchair:
        return ()
    windows = list(_windows(seating, hall, runs, count, wheelchair))
    division, left = None, MOST_STEPS
    for groups in range(fewest, min(count, len(runs)) + 1):
        try:
            division, left = _best(_nearest(windows, groups), groups, count, wheelchair, left)
        except _TooLong:
            return ()
        if division:
            break
    chosen = sorted(division.windows, key=_by_distance) if division else []
    return tuple(seating.labels[group.first : group.first + group.seats] for group in chosen)


def _windows(
    seating: Seating, hall: str, runs: Sequence[tuple[int, int]], most: int, wheelchair: int
) -> Iterator[_Window]:
    """Of each run, for each number of seats and of wheelchair places, the nearest window."""
    rows = [0, *accumulate(len(line) + 1 for line in hall.split("\n"))]
    row_of = {position: row for row, start in enumerate(rows[:-1]) for position in range(start, rows[row + 1])}
    focal_row = row_of[seating.focal]
    focal_column = seating.focal - rows[focal_row]
    for number, (start, end) in enumerate(runs):
        row = row_of[start]
        nearest: dict[tuple[int, int], _Window] = {}
        for count in range(1, min(most, end - start) + 1):
            for first in range(start, end - count + 1):
                places = hall.count("w", first, first + count)
                across = first - rows[row] + (count - 1) / 2 - focal_column
                window = _Window(number, first, count, places, hypot(ROW * (row - focal_row), across))
                best = nearest.get((count, places))
                if places <= wheelchair and (best is None or window.distance < best.distance):
                    nearest[count, places] = window
        yield from nearest.values()


def _nearest(windows: Sequence[_Window], groups: int) -> Mapping[int, Sequence[_Window]]:
    """By run, the windows that may be of the best division into so many groups.

    Where a group is not in one of the `groups` runs that are nearest for its size, one of these is not in use: it may
    as well sit there.
    """
    by_size = defaultdict(list)
    for window in sorted(windows, key=_by_distance):
        by_size[window.seats, window.wheelchair].append(window)
    by_run = defaultdict(list)
    for alike in by_size.values():
        for window in alike[:groups]:
            by_run[window.run].append(window)
    return by_run


def _best(
    by_run: Mapping[int, Sequence[_Window]], groups: int, count: int, wheelchair: int, steps: int
) -> tuple[_Division | None, int]:
    """The best division of `count` into so many groups, no two of one run, by dynamic programming over the runs.

    Takes at most so many steps, and returns how many are left. Raises `_TooLong`.
    """
    found = {(0, 0, 0): _Division(0, 0.0, ())}
    for windows in by_run.values():
        steps -= len(found) * len(windows)
        if steps < 0:
            raise _TooLong
        for (number, seated, places), division in list(found.items()):
            for window in windows:
                key = number + 1, seated + window.seats, places + window.wheelchair
                if key[0] > groups or key[1] > count - (groups - key[0]) or key[2] > wheelchair:
                    continue
                longer = _Division(
                    division.alone + (window.seats == 1),
                    division.distance + window.distance,
                    (*division.windows, window),
                )
                if key not in found or longer[:2] < found[key][:2]:
                    found[key] = longer
    return found.get((groups, count, wheelchair)), steps


def _by_distance(window: _Window) -> tuple[float, int]:
    return window.distance, window.first
