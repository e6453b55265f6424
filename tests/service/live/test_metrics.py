"""What Prometheus is told of streams."""

import asyncio
import time

from service.resources import Resources
from tests.service.conftest import Client
from tests.service.factories import Showing
from tests.service.live.conftest import Follow
from tests.service.live.reading import to_the_end
from tests.service.metrics.test_metrics import Samples, scraped

ROUTE = "/v1/sessions/{session_id}/live"


def gauge(samples: Samples, name: str) -> float:
    return samples[name, frozenset()]


def answered(samples: Samples) -> tuple[float, float]:
    """How many streams were, and after how many seconds in all."""
    labels = frozenset({"method": "GET", "route": ROUTE}.items())
    count, seconds = (samples.get((f"holdfast_request_seconds_{name}", labels), 0.0) for name in ("count", "sum"))
    return count, seconds


async def test_open_streams_and_when_they_were_answered(
    client: Client, follow: Follow, resources: Resources, showing: Showing
) -> None:
    """A stream is answered when it begins, however long it lasts."""
    before, began_at = await scraped(client), time.monotonic()
    async with follow() as reader, follow() as other:
        await reader.event()
        await other.event()
        begun_at = time.monotonic()
        during = await scraped(client)
        assert gauge(during, "holdfast_live_subscribers") == 2
        assert gauge(during, "holdfast_live_sessions") == 1
        await asyncio.sleep(0.3)
        await resources.engine.drop(showing.session, 99)
        await to_the_end(reader)
        await to_the_end(other)
    after = await scraped(client)
    assert gauge(after, "holdfast_live_subscribers") == 0
    assert gauge(after, "holdfast_live_sessions") == 0
    count, seconds = (late - early for late, early in zip(answered(after), answered(before), strict=True))
    assert count == 2
    assert seconds < 2 * (begun_at - began_at) + 0.3
