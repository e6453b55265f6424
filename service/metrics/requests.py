"""Counting requests: a request adds to a tally, and tallies are added to the metrics once a second.

Adding one request to prometheus-client's own counter and histogram costs ten times as much.
"""

import asyncio
from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from service.metrics import Counter, Histogram

FLUSH_SECONDS = 1.0
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds."""
NO_ROUTE = "none"
"""The route of requests for paths that there are not: their own would be labels without end."""


class _Durations(Histogram):
    """A histogram that takes many observations at once."""

    def add(self, counts: Sequence[int], seconds: float) -> None:
        """Add observations that took `seconds` in all, counted by `BOUNDS` and beyond."""
        self._sum.inc(seconds)
        for bucket, count in zip(self._buckets, counts, strict=True):
            if count:
                bucket.inc(count)


REQUESTS = Counter("holdfast_requests", "Requests answered.", ["method", "route", "status"])
DURATIONS = _Durations(
    "holdfast_request_seconds", "Seconds from a request's head to its answer.", ["method", "route"], buckets=BOUNDS
)


class _Tally:
    __slots__ = ("counts", "method", "route", "seconds", "status")

    def __init__(self, method: str, route: str, status: int) -> None:
        self.method, self.route, self.status = method, route, status
        self.clear()

    def clear(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0


class RequestTallies:
    """What one process answered since its last flush."""

    def __init__(self) -> None:
        self._tallies: dict[object, _Tally] = {}

    def add(self, request: web.Request, status: int, seconds: float) -> None:
        """Count a request that was answered with `status` after so many seconds."""
        route = request.match_info.route
        resource = route.resource
        key = (None if resource is None else route, status)
        tally = self._tallies.get(key)
        if tally is None:
            method, name = ("", NO_ROUTE) if resource is None else (route.method, resource.canonical)
            tally = self._tallies[key] = _Tally(method, name, status)
        tally.counts[bisect_left(BOUNDS, seconds)] += 1
        tally.seconds += seconds

    def flush(self) -> None:
        """Add what was counted to the metrics."""
        for tally in self._tallies.values():
            if count := sum(tally.counts):
                REQUESTS.labels(tally.method, tally.route, tally.status).inc(count)
                DURATIONS.labels(tally.method, tally.route).add(tally.counts, tally.seconds)
                tally.clear()

    @asynccontextmanager
    async def flushing(self) -> AsyncIterator[None]:
        """Flush every second while the block runs, and at its end."""
        task = asyncio.create_task(self._keep_flushing())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self.flush()

    async def _keep_flushing(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            self.flush()
