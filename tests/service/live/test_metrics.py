"""What Prometheus is told of streams."""

import asyncio

from service.resources import Resources
from tests.service.conftest import Client
from tests.service.factories import Showing
from tests.service.live.conftest import Follow
from tests.service.live.reading import to_the_end
from tests.service.metrics.test_metrics import Samples, scraped

ROUTE = "/v1/sessions/{session_id}/live"


def gauge(samples: Samples, name: str) -> float:
    return samples[name, frozenset()]


def quick(samples: Samples) -> tuple[float, float]:
    """The requests counted, and those that took no longer than 0.1 s."""
    labels = {"method": "GET", "route": ROUTE}
    counted = samples.get(("holdfast_request_seconds_count", frozenset(labels.items())), 0.0)
    return counted, samples.get(("holdfast_request_seconds_bucket", frozenset({**labels, "le": "0.1"}.items())), 0.0)


async def test_open_streams_and_when_they_were_answered(
    client: Client, follow: Follow, resources: Resources, showing: Showing
) -> None:
    """A stream is answered when it begins, however long it lasts."""
    before = await scraped(client)
    async with follow() as reader, follow() as other:
        await reader.event()
        await other.event()
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
    assert [late - early for late, early in zip(quick(after), quick(before), strict=True)] == [2, 2]
