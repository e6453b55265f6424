"""Comparing two things in turns, so that what else the machine does strikes both alike."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.load import Phase


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured. `rounds` and `seconds` are those of every load that is bounded by time."""

    rounds: int
    seconds: float
    warm_up: float
    clients: Sequence[int]
    crowd: int
    seats: int
    sessions: int
    live_holds: Sequence[int]
    calls: int
    opens: int
    movies: tuple[int, int]
    bookings: int
    followers: int


FULL = Sizes(
    rounds=5,
    seconds=4,
    warm_up=1,
    clients=(32, 256),
    crowd=5_000,
    seats=500,
    sessions=100,
    live_holds=(10, 1_000, 100_000),
    calls=5_000,
    opens=20_000,
    movies=(1_000, 1_000_000),
    bookings=1_000_000,
    followers=500,
)
QUICK = Sizes(
    rounds=1,
    seconds=0.5,
    warm_up=0,
    clients=(4, 8),
    crowd=40,
    seats=10,
    sessions=4,
    live_holds=(10, 20, 40),
    calls=100,
    opens=100,
    movies=(100, 200),
    bookings=1_000,
    followers=20,
)
"""Enough to see that everything works; the figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure beside its reference. `ratio` is of the two, and `spread` its least and greatest in a round.

    `target` bounds the ratio, from below if `at_least`, and from above otherwise.
    """

    case: str
    figure: float
    unit: str
    reference: float
    against: str
    ratio: float
    spread: tuple[float, float]
    target: float | None = None
    at_least: bool = True
    details: dict[str, Any] = field(default_factory=dict)
    group: str = ""
    """The name under which `--only` measures it."""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached, None where there is none."""
        if self.target is None:
            return None
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target


async def in_turns(
    rounds: int, measured: Callable[[], Awaitable[Phase]], reference: Callable[[], Awaitable[Phase]]
) -> list[tuple[Phase, Phase]]:
    """Measure both, once per round, the second one first in every other round."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            second = await reference()
            pairs.append((await measured(), second))
        else:
            pairs.append((await measured(), await reference()))
    return pairs


def compare(case: str, unit: str, pairs: Sequence[tuple[float, float]], against: str, **rest: Any) -> Row:
    """The row of figures and references that were measured in turns; `rest` is passed on."""
    ratios = [figure / reference for figure, reference in pairs]
    return Row(
        case=case,
        figure=median(figure for figure, _ in pairs),
        unit=unit,
        reference=median(reference for _, reference in pairs),
        against=against,
        ratio=median(ratios),
        spread=(min(ratios), max(ratios)),
        **rest,
    )
