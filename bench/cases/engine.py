"""The engine alone: what a resize costs Redis against a bare script, and what memory a hold takes.

Costs are the processor time of Redis' main thread (INFO cpu) per call, reading the request and writing the answer
included, with as many calls in a pipeline for both scripts. Unlike the `usec` of INFO commandstats, which is wall time,
it does not count the moments when something else has the processor.
"""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle

from bench.rounds import Row, Sizes, compare
from bench.stack import Stack
from bench.world import PLENTY
from holds.engine import HoldEngine
from holds.models import Inventory
from holds.runner import ScriptRunner
from holds.scripts import Script

BARE = Script.of("bare", "return redis.call('DECRBY', KEYS[1], ARGV[1])")
TOGETHER = 100
"""How many calls are under way at once."""
OWNER = "usr_7291038475629184000"
LIFETIME = 3_600_000
FAR = 4_000_000_000_000
"""An end of sales, in ms."""
FIRST_NUMBER = 7_291_038_475_629_184_001
BYTES_A_HOLD = 1_000
TURNS_A_ROUND = 3


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """The cost for each number of live holds, that of the most against the fewest, and the memory of a hold."""
    async with ScriptRunner.open(stack.redis.url) as runner:
        engine = HoldEngine(runner, load_plenty)
        try:
            crowds = {count: await _opened(engine, f"ses_{count:08}", count) for count in sizes.live_holds}
            costs = await _costs(runner, engine, crowds, sizes)
            memory = await _memory(runner, engine, sizes.opens)
        finally:
            await engine.close()
    found = [
        compare(
            f"resize, {count:,} live holds",
            "µs of Redis",
            [(turn[count], turn[0]) for turn in costs],
            "bare DECRBY script",
            target=3.5,
            at_least=False,
        )
        for count in sizes.live_holds
    ]
    least, most = min(sizes.live_holds), max(sizes.live_holds)
    pairs = [(turn[most], turn[least]) for turn in costs]
    name = f"resize, {most:,} live holds"
    found.append(compare(name, "µs of Redis", pairs, f"with {least}", target=1.15, at_least=False))
    found.append(compare("memory of a hold", "bytes", [(memory, BYTES_A_HOLD)], "bound", target=1.0, at_least=False))
    return found


async def load_plenty(pool: str) -> Inventory:
    """A pool that is never full."""
    return Inventory(capacity=PLENTY, sold=0, sales_end=FAR, version=1)


async def _opened(engine: HoldEngine, pool: str, count: int) -> Sequence[str]:
    """The ids of new holds of the pool, of one seat each, in no order."""
    hold_ids = [f"bkg_{count:08}{number:011}" for number in range(count)]
    for start in range(0, count, TOGETHER):
        some = dict.fromkeys(hold_ids[start : start + TOGETHER], 1)
        await engine.open(pool, OWNER, some, lifetime=LIFETIME, owner_limit=PLENTY)
    random.shuffle(hold_ids)
    return hold_ids


def _changes(hold_ids: Sequence[str]) -> Iterator[Mapping[str, int]]:
    """Each hold in turn gets two seats, then each one again, and so on: every call changes something."""
    return ({hold_id: seats} for seats in cycle((2, 1)) for hold_id in hold_ids)


async def _costs(
    runner: ScriptRunner, engine: HoldEngine, crowds: Mapping[int, Sequence[str]], sizes: Sizes
) -> list[dict[int, float]]:
    """By turns, the µs of a call: with each number of live holds, and under 0 of the bare script."""
    changes = {count: _changes(hold_ids) for count, hold_ids in crowds.items()}
    turns = []
    for _ in range(sizes.rounds * TURNS_A_ROUND):
        cost = {0: await cost_of(runner, sizes, lambda: runner.run(BARE, ["bench:bare"], [1]))}
        for count, change in changes.items():
            cost[count] = await cost_of(runner, sizes, partial(_resize, engine, change))
        turns.append(cost)
    return turns[1:] or turns  # in the first one, Redis still learnt the scripts


async def _resize(engine: HoldEngine, changes: Iterator[Mapping[str, int]]) -> None:
    await engine.resize(OWNER, next(changes))


async def cost_of(runner: ScriptRunner, sizes: Sizes, call: Callable[[], Awaitable[object]]) -> float:
    """Redis' µs per call, over `sizes.calls`."""
    before = await cpu_micros(runner)
    for _ in range(sizes.calls // TOGETHER):
        await asyncio.gather(*(call() for _ in range(TOGETHER)))
    return (await cpu_micros(runner) - before) / sizes.calls


async def cpu_micros(runner: ScriptRunner) -> float:
    """The processor time that the server's main thread has used so far."""
    usage: bytes = await runner.command("INFO", "cpu")
    seconds = re.findall(rb"used_cpu_(?:sys|user)_main_thread:([\d.]+)", usage)
    return sum(map(float, seconds)) * 1e6


async def _memory(runner: ScriptRunner, engine: HoldEngine, count: int) -> float:
    """Bytes of each of so many holds of one seat, with an owner each: all keys, and their share of the pool's."""
    before = await _dataset(runner)
    for start in range(0, count, TOGETHER):
        numbers = range(FIRST_NUMBER + start, FIRST_NUMBER + start + TOGETHER)
        opening = (
            engine.open("ses_7291038475629184000", f"usr_{n}", {f"bkg_{n}": 1}, lifetime=LIFETIME, owner_limit=50)
            for n in numbers
        )
        await asyncio.gather(*opening)
    return (await _dataset(runner) - before) / count


async def _dataset(runner: ScriptRunner) -> int:
    memory: bytes = await runner.command("INFO", "memory")
    found = re.search(rb"used_memory_dataset:(\d+)", memory)
    assert found is not None  # noqa: S101  # every Redis says so
    return int(found[1])
