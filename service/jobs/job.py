"""What a feature says of its jobs, in its `jobs.py`; `service/worker.py` brings them together."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.jobs.resources import JobResources

Payload = Mapping[str, Any]
"""A JSON object that says which rows the job is about. What they hold is read when the job runs."""


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job. Each runs at least once, so that running it twice, or after its rows are gone, must be harmless.

    `at_once` of them run at one time, over all workers. An attempt may take `seconds`. One that raises is tried again
    with growing pauses, and kept as failed in the end, or at once after a `PermanentFailure`; one that kills its worker
    is soon kept, too. `schedule` is when to queue one without a payload: a cron expression, in UTC; a time that passed
    without a worker is made up for once.
    """

    name: str
    run: Callable[[JobResources, Payload], Awaitable[None]]
    at_once: int = 1
    seconds: float = 60.0
    schedule: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """What one worker of all does again and again, `seconds` after its last end.

    It is not queued: when it raises, that is logged and counted, and the next tick tries again. For a moment after a
    lost connection, two workers may tick.
    """

    name: str
    seconds: float
    run: Callable[[JobResources], Awaitable[None]]
