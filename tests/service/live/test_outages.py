"""Redis or Postgres go away while sessions are followed: whoever follows is told what there is once they are back."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis.asyncio

from service.embedded import EmbeddedRedis
from service.resources import Resources
from tests.service.api import anonymous
from tests.service.conftest import Client
from tests.service.factories import Showing
from tests.service.live.conftest import Follow
from tests.service.outages import frozen, stopped


@pytest.fixture(scope="module", params=[True, False], ids=["durable", "not-durable"])
async def server(server_folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[EmbeddedRedis]:
    """A Redis of this module's own: one that has its data when it comes back, or one that has not."""
    own = EmbeddedRedis(server_folder / f"live-{request.param}", durable=request.param)
    await own.start()
    yield own
    await own.stop()


@pytest.fixture
async def redis_url(server: EmbeddedRedis) -> str:
    async with redis.asyncio.Redis.from_url(server.url) as client:
        await client.flushall()
    return server.url


async def hold(resources: Resources, showing: Showing, hold_id: str, seats: int) -> None:
    await resources.engine.open(showing.session, "usr_1", {hold_id: seats}, lifetime=60_000, owner_limit=99)


async def test_a_killed_redis_is_followed_by_a_snapshot(
    follow: Follow, resources: Resources, showing: Showing, server: EmbeddedRedis
) -> None:
    """And then by changes. Without `_learn_when_possible`, the channel ends, or is silent."""
    async with follow() as reader:
        await reader.event()
        await hold(resources, showing, "bkg_1", 4)
        assert (await reader.event()).counts == (6, 4, 0)
        assert server.process_id
        os.kill(server.process_id, signal.SIGKILL)
        await asyncio.sleep(0.3)
        await server.stop()
        await server.start()
        told = await reader.event()
        assert told.name == "snapshot"
        assert told.counts in ({(6, 4, 0), (10, 0, 0)})
        await hold(resources, showing, "bkg_2", 1)
        change = await reader.event()
        assert (change.name, change.data["held"]) == ("change", told.data["held"] + 1)
        async with follow(after=told.id) as other:
            assert await other.event() == change


async def test_a_frozen_redis(follow: Follow, resources: Resources, showing: Showing, server: EmbeddedRedis) -> None:
    async with follow() as reader:
        await reader.event()
        async with frozen(server):
            await asyncio.sleep(1.2)
        told = await reader.event()
        assert (told.name, told.counts) == ("snapshot", (10, 0, 0))


async def test_a_wiped_redis(
    follow: Follow, follow_elsewhere: Follow, resources: Resources, showing: Showing, server: EmbeddedRedis
) -> None:
    async with follow() as reader:
        await reader.event()
        await hold(resources, showing, "bkg_1", 4)
        last = await reader.event()
        async with redis.asyncio.Redis.from_url(server.url) as client:
            await client.flushall()
        told = await reader.event()
        assert (told.name, told.counts) == ("snapshot", (10, 0, 0))
        for again in (follow, follow_elsewhere):
            async with again(after=last.id) as other:
                assert await other.event() == told


async def test_nobody_begins_to_follow_without_redis(client: Client, showing: Showing, server: EmbeddedRedis) -> None:
    api = anonymous(client)
    async with stopped(server):
        for path in (f"/v1/sessions/{showing.session}/live", f"/v1/live?sessions={showing.session}"):
            answer = await api("GET", path)
            assert answer.error == (503, "service_unavailable")
            assert answer.headers["Retry-After"]


async def test_those_who_follow_do_not_need_postgres(
    follow: Follow, client: Client, resources: Resources, showing: Showing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Redis knows is told, though it can no longer decide; nor do others who follow the same session."""
    async with follow() as reader:
        await reader.event()
        await hold(resources, showing, "bkg_1", 2)
        await reader.event()
        await resources.postgres._pool.close()
        await resources.engine.resize("usr_1", {"bkg_1": 1})
        assert (await reader.event()).counts == (9, 1, 0)
        async with follow() as other:
            assert (await other.event()).counts == (9, 1, 0)
