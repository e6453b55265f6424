"""Streams end when the service does."""

import asyncio
import time

import aiohttp

from service.embedded import EmbeddedPostgres
from service.server import DRAIN_SECONDS
from tests.conftest import execute
from tests.processes import descendants, is_alive
from tests.service.conftest import StartService
from tests.service.live.reading import reading, to_the_end

ONE_SESSION = """
INSERT INTO movies (id, title, description, duration, year) VALUES (1, 'Stalker', 'Three men walk.', 162, 1979);
INSERT INTO places (id, name, address, capacity) VALUES (2, 'Le Cinéma', '1 rue Première', 100);
INSERT INTO inventory (id, capacity, sales_end) VALUES (3, 100, now() + interval '1 day');
INSERT INTO sessions (id, movie_id, place_id, starts_at, price) VALUES (3, 1, 2, now() + interval '1 day', 900);
"""


async def test_a_service_that_is_told_to_stop_ends_its_streams_at_once(start_service: StartService) -> None:
    """Without `end_streams`, the workers wait for them as long as they wait for any request."""
    running = await start_service("--workers", "2", "--no-seed", "--no-jobs")
    await execute(EmbeddedPostgres(running.data / "postgres").url, ONE_SESSION)
    started = descendants(running.process.pid)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as browsers:
        addresses = [f"{running.address}/v1/{path}" for path in ("sessions/ses_3/live", "live?sessions=ses_3")] * 4
        ready = asyncio.Barrier(len(addresses) + 1)

        async def follow(address: str) -> float:
            async with reading(browsers, address) as reader:
                assert (await reader.event()).name == "snapshot"
                await ready.wait()
                await to_the_end(reader)
                return time.monotonic()

        following = [asyncio.create_task(follow(address)) for address in addresses]
        await ready.wait()
        async with browsers.get(f"{running.address}/metrics") as metrics:
            assert f"holdfast_live_subscribers {len(addresses):.1f}" in (await metrics.text()).splitlines()
        told_at = time.monotonic()
        assert await running.end() == 0
        ended = await asyncio.gather(*following)
    assert max(ended) - told_at < DRAIN_SECONDS / 2
    assert not any(map(is_alive, started))
