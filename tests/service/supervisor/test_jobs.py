"""The process that runs jobs, beside those that answer requests."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from service.embedded import EmbeddedPostgres
from service.jobs.outbox import enqueue
from tests.processes import children, command_line
from tests.service.supervisor.running import ROOT, Running, new_data_folder, started


def job_workers(running: Running) -> list[int]:
    return [child for child in children(running.process.pid) if "service.worker" in command_line(child)]


@pytest.fixture(scope="module")
async def running(server_folder: Path) -> AsyncIterator[Running]:
    with new_data_folder(server_folder) as data:
        async with started(data, "--no-seed", JOB_POLL_SECONDS="0.05") as running:
            yield running
            assert await running.end() == 0


async def start_worker(running: Running) -> Process:
    """`python -m service worker` on the data folder of the service."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service", "worker", "--data", str(running.data)),
        cwd=ROOT,
        env={**inherited, "JOB_POLL_SECONDS": "0.05"},
    )


async def queue_chore(running: Running) -> None:
    connection = await asyncpg.connect(EmbeddedPostgres(running.data / "postgres").url)
    await enqueue(connection, "forget-done-jobs", {})
    async with asyncio.timeout(15):
        while await connection.fetchval("SELECT EXISTS (SELECT FROM pgqueuer)"):  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.05)
    await connection.close()


async def test_jobs_are_run_and_counted_where_all_metrics_are(running: Running) -> None:
    await queue_chore(running)
    async with aiohttp.ClientSession() as client, client.get(f"{running.address}/metrics") as answer:
        text = await answer.text()
    counted = re.search(
        r'^holdfast_job_attempts_total{job="forget-done-jobs",outcome="done"} (.+)$', text, re.MULTILINE
    )
    assert counted is not None
    assert float(counted[1]) in (1, 2)  # the clock queues one, too, once an hour


async def test_a_killed_worker_is_back_and_one_more_may_run_elsewhere(running: Running) -> None:
    [killed] = job_workers(running)
    os.kill(killed, signal.SIGKILL)
    await running.read_until("is back")
    await queue_chore(running)
    [again] = job_workers(running)
    assert again != killed
    os.kill(again, signal.SIGSTOP)  # so that what follows is the other one's work
    try:
        other = await start_worker(running)
        await queue_chore(running)
        other.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(other.wait(), 15) == 0
    finally:
        os.kill(again, signal.SIGCONT)
