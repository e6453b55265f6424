"""What happened, while it happens."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

PERCENTILES = (50, 90, 99)


@dataclass(frozen=True, slots=True)
class Moment:
    """The seats of all sessions at a moment, in seconds since the start."""

    at: float
    sold: int
    held: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer at a moment, and how long it took."""

    at: float
    seconds: float


@dataclass
class Recording:
    """Counts, latencies, and seats over time. `confirmed` and `kept`: seats by booking and by session."""

    customers: int
    capacity: int = 0
    done: int = 0
    requests: int = 0
    elapsed: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: defaultdict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    confirmed: dict[str, tuple[str, int]] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)

    def add(self, endpoint: str, outcome: str, answer: Answer) -> None:
        """Count an answer."""
        self.requests += 1
        self.statuses[endpoint, outcome] += 1
        self.answers[endpoint].append(answer)

    @property
    def confirmed_seats(self) -> int:
        return sum(seats for _, seats in self.confirmed.values())

    def percentiles(self, endpoint: str) -> Sequence[float]:
        """The latencies at `PERCENTILES`, and the longest one, in seconds."""
        ordered = sorted(answer.seconds for answer in self.answers[endpoint])
        return [ordered[ceil(len(ordered) * share / 100) - 1] for share in (*PERCENTILES, 100)]
