"""What a run shows: counts, latencies, and the processor time that the servers and the generator itself took."""

import os
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
PERCENTILES = (50, 90, 99)


class Recording:
    """Answers that come in while a window is open. `watched`: process ids by name, whose processor time is counted.

    Statuses are counted outside of the window too.
    """

    def __init__(self, watched: Mapping[str, Sequence[int]]) -> None:
        self._watched = watched
        self._opens = self._closes = 0.0
        self._latencies: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self._statuses: Counter[tuple[str, int]] = Counter()
        self._used_before: Mapping[str, float] | None = None
        self._used: Mapping[str, float] | None = None
        self._phases: list[dict[str, Any]] = []

    def start(self, warm_up: float, seconds: float | None) -> float | None:
        """Open a window after the warm-up; returns when it is to be closed."""
        self._opens, self._closes = time.perf_counter() + warm_up, inf
        self._used_before, self._used = None if warm_up else self._times(), None
        self._latencies.clear()
        self._statuses.clear()
        return None if seconds is None else self._opens + seconds

    def add(self, label: str, status: int, sent_at: float, now: float) -> None:
        """Count an answer."""
        self._statuses[label, status] += 1
        if self._opens <= now < self._closes:
            if self._used_before is None:
                self._opens, self._used_before = now, self._times()
            self._latencies[label].append(now - sent_at)

    def close(self) -> None:
        """Close the window."""
        self._closes, self._used = time.perf_counter(), self._times()

    def stop(self) -> None:
        """Nothing is under way any more: close the window if it is open, and keep what it shows."""
        if self._used is None:
            self.close()
        before, used = self._used_before or {}, self._used or {}
        self._phases.append(
            {
                "seconds": self._closes - self._opens,
                "cpu_seconds": {name: seconds - before.get(name, 0.0) for name, seconds in used.items()},
                "answers": {label: self._answers(label) for label, _ in self._statuses},
            }
        )

    def result(self) -> list[dict[str, Any]]:
        """Each phase in turn; a run without pauses in between has one."""
        return self._phases

    def _answers(self, label: str) -> dict[str, Any]:
        latencies = sorted(self._latencies[label])
        statuses = {str(status): count for (name, status), count in self._statuses.items() if name == label}
        last = len(latencies) - 1
        at = {f"p{p}": latencies[min(len(latencies) * p // 100, last)] for p in PERCENTILES} if latencies else {}
        return {"count": len(latencies), "statuses": statuses, **at}

    def _times(self) -> dict[str, float]:
        times = {name: sum(map(_cpu_seconds, processes)) for name, processes in self._watched.items()}
        return {**times, "generator": time.process_time()}


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_SECONDS
