"""Loads on servers: a generator process each, and what it says of the answers."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Load:
    """Clients that run one script of `bench.generator.scripts`; without `seconds`, to its end."""

    script: str
    clients: Sequence[Mapping[str, Any]]
    seconds: float | None = None
    warm_up: float = 0.0


@dataclass(frozen=True, slots=True)
class Phase:
    """What came of a load between two pauses of its script. Durations are in seconds."""

    seconds: float
    cpu_seconds: Mapping[str, float]
    answers: Mapping[str, Mapping[str, Any]]

    def count(self, label: str) -> int:
        """How many requests with this label were answered while the load was measured."""
        count: int = self.answers[label]["count"] if label in self.answers else 0
        return count

    def total(self, label: str, status: int) -> int:
        """How many were answered with this status altogether, during the warm-up and after the end too."""
        total: int = self.answers[label]["statuses"].get(str(status), 0) if label in self.answers else 0
        return total

    def expect(self, label: str, *statuses: int) -> None:
        """Raise `RuntimeError` when no request with this label was answered, or one with another status."""
        if label not in self.answers:
            raise RuntimeError(f"no {label} was answered")
        unexpected = set(self.answers[label]["statuses"]) - {str(status) for status in statuses}
        if unexpected:
            raise RuntimeError(f"{label} was answered with {', '.join(sorted(unexpected))}")

    def rate(self, label: str) -> float:
        """Answers per second."""
        return self.count(label) / self.seconds

    def cpu_micros(self, name: str, label: str) -> float:
        """The processor time of the processes watched under `name`, in µs per answer to `label`."""
        return self.cpu_seconds[name] * 1e6 / self.count(label)


async def run(load: Load, port: int, watched: Mapping[str, Sequence[int]]) -> list[Phase]:
    """Put the load on a port, counting the processor time of the processes watched. Raises `RuntimeError`."""
    plan = {
        "port": port,
        "script": load.script,
        "clients": load.clients,
        "seconds": load.seconds,
        "warm_up": load.warm_up,
        "watched": watched,
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.generator", stdin=PIPE, stdout=PIPE)
    output, _ = await process.communicate(json.dumps(plan).encode())
    if process.returncode != 0:
        raise RuntimeError("the load generator failed, see above")
    return [Phase(**phase) for phase in json.loads(output)]
