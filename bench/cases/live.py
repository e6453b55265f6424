"""Following one session: how long a change takes to reach everybody, and how often Redis is asked for it."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median
from time import perf_counter

from bench.rounds import Row, Sizes, compare
from bench.stack import Stack
from holds.engine import HoldEngine
from holds.runner import ScriptRunner
from service.ids import Entity
from service.inventory import load_inventory

LONGEST_MS = 250.0
CHANGES_A_SECOND = 20
CAPACITY = 1_000
LIFETIME = 3_600_000
UNFOLLOWED_SECONDS = 1.5
"""After that, a session that nobody follows any more is not asked for."""
CALLS = re.compile(rb"cmdstat_evalsha:calls=(\d+)")
HELD = re.compile(rb'data: .*"held":(\d+)')


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """The median time from a change to each who follows, and the calls of Redis with many of them against one."""
    async with ScriptRunner.open(stack.redis.url) as runner:
        engine = HoldEngine(runner, lambda pool: load_inventory(stack.world.resources.postgres, pool))
        try:
            times, asked = [], []
            for _ in range(sizes.rounds):
                _, few = await _round(stack, engine, runner, sizes, 1)
                seconds, many = await _round(stack, engine, runner, sizes, sizes.followers)
                times.append(seconds)
                asked.append((many, few))
        finally:
            await engine.close()
    details = {"p99_ms": [sorted(some)[len(some) * 99 // 100] * 1e3 for some in times]}
    bounded = [(median(some) * 1e3, LONGEST_MS) for some in times]
    case = f"{sizes.followers} follow a session"
    return [
        compare(f"{case}: a change", "ms", bounded, "bound", target=1.0, at_least=False, details=details),
        compare(f"{case}: Redis", "scripts/s", asked, "with 1", target=1.1, at_least=False),
    ]


async def _round(
    stack: Stack, engine: HoldEngine, runner: ScriptRunner, sizes: Sizes, followers: int
) -> tuple[Sequence[float], float]:
    """For each change and follower the seconds until it was told; and the scripts that Redis ran in a second."""
    [number] = await stack.world.sessions(1, capacity=CAPACITY)
    session, owner, hold_id = (entity.public(number) for entity in (Entity.SESSION, Entity.USER, Entity.BOOKING))
    await engine.open(session, owner, {hold_id: 0}, lifetime=LIFETIME, owner_limit=CAPACITY)
    made: dict[int, float] = {}
    async with AsyncExitStack() as opened:
        readers = [await opened.enter_async_context(_following(stack.service.port, session)) for _ in range(followers)]
        count = max(2, int(sizes.seconds * CHANGES_A_SECOND))
        reading = [asyncio.create_task(_read(reader, count)) for reader in readers]
        calls, began_at = await _scripts_run(runner), perf_counter()
        for seats in range(1, count + 1):
            await asyncio.sleep(1 / CHANGES_A_SECOND)
            made[seats] = perf_counter()
            await engine.resize(owner, {hold_id: seats})
        told = await asyncio.gather(*reading)
        rate = (await _scripts_run(runner) - calls - count) / (perf_counter() - began_at)
    await asyncio.sleep(UNFOLLOWED_SECONDS)
    if any([seats for seats, _ in each] != list(made) for each in told):
        raise RuntimeError("a change was not told once and in order")
    return [arrived - made[seats] for each in told for seats, arrived in each], rate


@asynccontextmanager
async def _following(port: int, session: str) -> AsyncIterator[asyncio.StreamReader]:
    """A stream whose snapshot was read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET /v1/sessions/{session}/live HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        await reader.readuntil(b"event: snapshot")
        await reader.readuntil(b"\n\n")
        yield reader
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader, count: int) -> Sequence[tuple[int, float]]:
    """The seats that are held after each of so many changes, and when that was told."""
    told: list[tuple[int, float]] = []
    while len(told) < count:
        if held := HELD.match(await reader.readline()):
            told.append((int(held[1]), perf_counter()))
    return told


async def _scripts_run(runner: ScriptRunner) -> int:
    found = CALLS.search(await runner.command("INFO", "commandstats"))
    return int(found[1]) if found else 0
