"""What staff change stands, whether or not Redis can be told."""

from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import pytest

from service.embedded import EmbeddedRedis
from tests.service.backoffice.conftest import NewSession
from tests.service.calls import Caller

SESSIONS = "/v1/admin/sessions"


@pytest.fixture
async def redis(server_folder: Path) -> AsyncIterator[EmbeddedRedis]:
    """A Redis of its own."""
    server = EmbeddedRedis(server_folder / "redis-away", durable=False)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def redis_url(redis: EmbeddedRedis) -> str:
    return redis.url


async def test_changes_stand_when_redis_is_out_of_reach(
    boss: Caller, redis: EmbeddedRedis, new_session: NewSession
) -> None:
    showing = await new_session()
    await redis.stop()
    started = monotonic()
    assert (await boss.patch(f"/v1/admin/places/{showing.place}", {"capacity": 50})).status == 200
    moved = await boss.patch(f"{SESSIONS}/{showing.session}", {"starts_at": "2031-06-05T20:00:00Z"})
    assert (moved.status, moved.body["session"]["capacity"]) == (200, 50)
    assert (await boss.delete(f"{SESSIONS}/{showing.session}")).status == 204
    assert monotonic() - started < 6
    unknown = await boss.get(f"/v1/sessions/{showing.session}")
    assert unknown.refusal == (503, "service_unavailable")
