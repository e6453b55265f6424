"""`GET /metrics`: requests by route, in one process and in several."""

import asyncio
import os
import re
import signal
from pathlib import Path

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.service.conftest import Client, StartService
from tests.service.factories import Account
from tests.service.supervisor.running import Running

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: str) -> Samples:
    families = text_string_to_metric_families(text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def requests(samples: Samples, method: str, route: str, status: int) -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return samples.get(("holdfast_requests_total", frozenset(labels.items())), 0.0)


async def scraped(client: Client) -> Samples:
    async with client.get("/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        return parsed(await answer.text())


async def test_requests_are_counted_by_route_and_status(client: Client, customer: Account) -> None:
    before = await scraped(client)
    for _ in range(3):
        await client.post("/v1/bookings/bkg_1/reserve", json={"seats": 1}, headers=customer.headers)
    await client.post("/v1/bookings/bkg_2/reserve", json={"seats": 1})
    await client.get("/livez")
    after = await scraped(client)

    def added(method: str, route: str, status: int) -> float:
        return requests(after, method, route, status) - requests(before, method, route, status)

    reserve = "/v1/bookings/{booking_id}/reserve"
    assert [added("POST", reserve, status) for status in (200, 401, 404)] == [0, 1, 3]
    assert added("GET", "/livez", 200) == 1
    all_durations = (
        "holdfast_request_seconds_bucket",
        frozenset({"method": "POST", "route": reserve, "le": "+Inf"}.items()),
    )
    assert after[all_durations] - before.get(all_durations, 0) == 4


async def test_unknown_paths_and_methods_share_one_label(client: Client) -> None:
    before = await scraped(client)
    for number in range(5):
        await client.get(f"/nowhere/{number}")
    await client.request("PROPFIND", "/livez")
    after = await scraped(client)
    assert requests(after, "", "none", 404) - requests(before, "", "none", 404) == 5
    assert requests(after, "", "none", 405) - requests(before, "", "none", 405) == 1
    assert not re.search("nowhere|PROPFIND", str(after))


async def ask(address: str, path: str, count: int) -> None:
    """Each request on a connection of its own, so that every worker gets some."""
    for _ in range(count):
        async with aiohttp.ClientSession() as session, session.get(f"{address}{path}") as answer:
            assert answer.status == 200
            await answer.read()


async def counted(address: str) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/metrics") as answer:
        return requests(parsed(await answer.text()), "GET", "/livez", 200)


async def until_counted(address: str, count: int) -> None:
    async with asyncio.timeout(15):
        while await counted(address) != count:  # noqa: ASYNC110  # other processes set no event
            await asyncio.sleep(0.1)


async def test_one_worker_answers_for_all_and_goes_on_for_one_that_was_killed(start_service: StartService) -> None:
    running = await start_service("--no-seed", "--no-jobs", "--workers", "3")
    await ask(running.address, "/livez", 30)
    await until_counted(running.address, 30)
    [folder] = metrics_folders(running.workers()[0])
    files = set(folder.iterdir())

    for worker in running.workers():
        await kill(running, worker)
    await ask(running.address, "/livez", 12)
    await until_counted(running.address, 42)
    assert set(folder.iterdir()) == files
    assert await running.end() == 0
    assert not folder.exists()


async def kill(running: Running, worker: int) -> None:
    """Kill a worker, and wait for the one in its place."""
    before = set(running.workers())
    os.kill(worker, signal.SIGKILL)
    await running.read_until("is back")
    assert len(set(running.workers()) - before) == 1


def metrics_folders(worker: int) -> list[Path]:
    variables = Path(f"/proc/{worker}/environ").read_bytes().decode().split("\0")
    return [Path(text.partition("=")[2]) for text in variables if text.startswith("PROMETHEUS_MULTIPROC_DIR=")]
