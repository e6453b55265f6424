"""Limits, with windows of a fraction of a second."""

import asyncio

import pytest

from service.errors import ApiError
from service.http.limits import Limit
from service.resources import Resources


async def taken(limit: Limit, resources: Resources, subject: str = "somebody") -> bool:
    try:
        await limit.take(resources.redis, subject)
    except ApiError:
        return False
    return True


async def test_attempts_at_once_are_counted_exactly(resources: Resources) -> None:
    limit = Limit("test", 7, 60)
    assert sum(await asyncio.gather(*(taken(limit, resources) for _ in range(50)))) == 7
    assert await taken(limit, resources, "somebody else")
    assert await taken(Limit("another", 7, 60), resources)


async def test_any_window_has_at_most_so_many(resources: Resources) -> None:
    """A window that begins anew with every minute lets twice as many through around its end."""
    limit = Limit("test", 3, 0.6)
    assert await taken(limit, resources)
    await asyncio.sleep(0.4)
    assert [await taken(limit, resources) for _ in range(3)] == [True, True, False]
    await asyncio.sleep(0.3)
    assert [await taken(limit, resources) for _ in range(2)] == [True, False]


async def test_clearing_forgets_the_attempts(resources: Resources) -> None:
    limit = Limit("test", 1, 60)
    assert [await taken(limit, resources) for _ in range(2)] == [True, False]
    await limit.clear(resources.redis, "somebody")
    assert await taken(limit, resources)


async def test_nothing_stays_in_redis(resources: Resources) -> None:
    await taken(Limit("test", 5, 0.1), resources)
    await asyncio.sleep(0.15)
    assert await resources.redis.command("EXISTS", "limit:test:somebody") == 0


async def test_retry_after_is_when_the_next_one_counts(resources: Resources) -> None:
    limit = Limit("test", 1, 30)
    await taken(limit, resources)
    with pytest.raises(ApiError) as refused:
        await limit.take(resources.redis, "somebody")
    assert (refused.value.kind.status, refused.value.retry_seconds) == (429, 30)
