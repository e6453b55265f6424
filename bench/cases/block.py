"""Numbered seats: what it costs Redis to find and take the best ones side by side in a hall of 600.

The hall has 25 rows of two blocks of twelve, an aisle in between. It is empty; or half of its seats are taken, at
random; or all but some that are alone, so that no party fits and the hall is sent back to be divided.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import cycle
from random import Random

from bench.cases.engine import FAR, LIFETIME, OWNER, cost_of
from bench.rounds import Row, Sizes, compare
from bench.stack import Stack
from holds.engine import HoldEngine
from holds.errors import NoBlock
from holds.models import Hold, Inventory, Seating
from holds.runner import ScriptRunner

ROWS, BLOCK = 25, 12
SEATS = ROWS * 2 * BLOCK
TARGET_MICROS = 150
PARTIES = (3, 4)
"""The party changes with every call, so that each one takes a block anew."""


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """The cost in each of the halls."""
    async with ScriptRunner.open(stack.redis.url) as runner:
        engine = HoldEngine(runner, _load, read_seating=_read_seating)
        try:
            calls = [(name, await prepare(engine)) for name, prepare in HALLS.items()]
            turns = [[await cost_of(runner, sizes, call) for _, call in calls] for _ in range(sizes.rounds + 1)]
        finally:
            await engine.close()
    measured = turns[1:]  # in the first one, Redis still learnt the script
    return [
        compare(
            f"best block, {SEATS} seats, {name}",
            "µs of Redis",
            [(turn[number], TARGET_MICROS) for turn in measured],
            "bound",
            target=1.0,
            at_least=False,
        )
        for number, (name, _) in enumerate(calls)
    ]


async def _empty(engine: HoldEngine) -> Callable[[], Awaitable[object]]:
    return await _asking(engine, "ses_empty")


async def _half_full(engine: HoldEngine) -> Callable[[], Awaitable[object]]:
    labels = list(_seating().positions)
    Random(7).shuffle(labels)  # noqa: S311  # the same hall each time
    return await _asking(engine, "ses_half", taken=labels[: SEATS // 2])


async def _scattered(engine: HoldEngine) -> Callable[[], Awaitable[object]]:
    taken = [label for number, label in enumerate(_seating().positions) if number % BLOCK != BLOCK // 2]
    return await _asking(engine, "ses_scattered", taken=taken)


HALLS = {"empty": _empty, "half full": _half_full, "no party fits": _scattered}


async def _asking(engine: HoldEngine, pool: str, taken: Sequence[str] = ()) -> Callable[[], Awaitable[object]]:
    """What gives a hold of the pool the best block for a party of another size, where holds of two took these seats."""
    opened = {f"bkg_{pool}_{number}": 0 for number in range(len(taken) // 2 + 1)}
    hold, *others = await engine.open(pool, OWNER, opened, lifetime=LIFETIME, owner_limit=10 * SEATS)
    for number, other in enumerate(others):
        await engine.pick(OWNER, other.id, taken[2 * number : 2 * number + 2])
    return partial(_take, engine, hold, cycle(PARTIES))


async def _take(engine: HoldEngine, hold: Hold, parties: Iterator[int]) -> None:
    with suppress(NoBlock):
        await engine.pick_block(OWNER, hold.id, next(parties))


def _seating() -> Seating:
    row = "." * BLOCK + " " + "." * BLOCK
    labels = [
        label
        for number in range(ROWS)
        for label in (
            *(f"{chr(ord('A') + number)}{seat}" for seat in range(1, BLOCK + 1)),
            "",
            *(f"{chr(ord('A') + number)}{seat}" for seat in range(BLOCK + 1, 2 * BLOCK + 1)),
            "",
        )
    ]
    cells = "\n".join([row] * ROWS)
    return Seating("pln_600", cells, tuple(labels[:-1]), cells.index("\n") * 16 + BLOCK // 2 + 16)


async def _load(pool: str) -> Inventory:
    return Inventory(SEATS, 0, FAR, 1, plan="pln_600", sold_cells="0" * len(_seating().cells))


async def _read_seating(plan: str) -> Seating:
    return _seating()
