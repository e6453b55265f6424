"""Reserving two tickets of a small event and of a large one: what it costs Redis' main thread."""

import asyncio
from itertools import count

from bench.cases.engine import FAR, LIFETIME, TURNS_A_ROUND, cpu_micros
from bench.rounds import Row, Sizes, compare
from bench.stack import Stack
from holds.engine import HoldEngine
from holds.models import Inventory
from holds.runner import ScriptRunner

SEATS = (100, 1_000_000)
OWNER = "usr_7291038475629184000:tickets"
RESERVED = 50
"""The tickets of each event that stay reserved throughout."""
TOGETHER = 20
"""How many reservations are under way at once: few enough for the small event."""
FIRST_NUMBER = 7_291_038_475_629_184_001

_numbers = count(FIRST_NUMBER)


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """The cost with the most seats against that with the fewest; what was reserved is given back."""
    async with ScriptRunner.open(stack.redis.url) as runner:
        engine = HoldEngine(runner, _load)
        try:
            costs = await _costs(runner, engine, sizes)
        finally:
            await engine.close()
    few, many = SEATS
    case = f"reserve 2 tickets, {many:,} seats"
    return [compare(case, "µs of Redis", costs, f"with {few}", target=1.15, at_least=False)]


async def _load(pool: str) -> Inventory:
    return Inventory(capacity=int(pool.partition("_")[2]), sold=0, sales_end=FAR, version=1)


async def _costs(runner: ScriptRunner, engine: HoldEngine, sizes: Sizes) -> list[tuple[float, float]]:
    """By turns, the µs of a reservation: with the most seats, and with the fewest."""
    pools = [f"evt_{seats}" for seats in reversed(SEATS)]
    for pool in pools:
        await _reserve(engine, pool, RESERVED)
    turns = []
    for _ in range(sizes.rounds * TURNS_A_ROUND):
        many, few = [await _cost(runner, engine, pool, sizes.calls) for pool in pools]
        turns.append((many, few))
    return turns[1:] or turns  # in the first one, Redis still learnt the scripts


async def _cost(runner: ScriptRunner, engine: HoldEngine, pool: str, calls: int) -> float:
    """Redis' µs for reserving two tickets and giving them back."""
    before = await cpu_micros(runner)
    for _ in range(calls // TOGETHER):
        await asyncio.gather(*(_come_and_go(engine, pool) for _ in range(TOGETHER)))
    return (await cpu_micros(runner) - before) / calls


async def _come_and_go(engine: HoldEngine, pool: str) -> None:
    await engine.release(OWNER, await _reserve(engine, pool, 2))


async def _reserve(engine: HoldEngine, pool: str, tickets: int) -> list[str]:
    hold_ids = [f"tkt_{next(_numbers)}" for _ in range(tickets)]
    await engine.open(pool, OWNER, dict.fromkeys(hold_ids, 1), lifetime=LIFETIME, owner_limit=sum(SEATS))
    return hold_ids
