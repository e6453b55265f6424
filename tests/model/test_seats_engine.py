"""Numbered seats on the real engine: whatever happens, each has one holder, and nobody gets one that is sold.

`hall.py` says what may happen, and what is looked at after each step.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from redis.exceptions import ResponseError

from holds.runner import ScriptRunner
from service.embedded import EmbeddedRedis
from tests.model.clock import Clock, run_clocked
from tests.model.hall import World
from tests.model.mutants import SEAT_MUTANTS
from tests.model.scale import EXHAUSTIVE, SCALE

OFTEN = ("open", "pick", "take the best", "claim", "commit", "settle", "wait", "buy", "read a row", "write a row")
SELDOM = (
    "resize",
    "take all that is free",
    "release",
    "lose",
    "fail",
    "sell as late as may be",
    "refund",
    "lose the seating",
    "change the plan",
    "wipe",
)
STEPS = st.tuples(st.sampled_from((*OFTEN, *OFTEN, *SELDOM)), st.integers(0, 209))
RUNS = settings(
    max_examples=80 * SCALE,
    deadline=None,
    print_blob=True,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
FEW = ("pick what is taken", "take a block and leave it free", "free seats that are sold", "load a plan and no holds")


def drive(url: str, clock: Clock, runs: settings) -> None:
    with asyncio.Runner() as loop:

        @runs
        @given(st.lists(STEPS, min_size=20, max_size=50))
        def play(steps: list[tuple[str, int]]) -> None:
            clock.restart()
            loop.run(_play(url, clock, [("open", 0), ("open", 1), *steps]))

        play()


async def _play(url: str, clock: Clock, steps: Sequence[tuple[str, int]]) -> None:
    async with AsyncExitStack() as exits:
        world = World(await exits.enter_async_context(ScriptRunner.open(url)), clock)
        for what, number in steps:
            await world.step(what, number)


def test_each_seat_has_one_holder_and_one_owner(
    redis_server: EmbeddedRedis, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_clocked(monkeypatch, tmp_path)
    drive(redis_server.url, clock, RUNS)


@pytest.mark.parametrize("mutant", SEAT_MUTANTS if EXHAUSTIVE else FEW)
def test_a_missing_guard_is_found(
    redis_server: EmbeddedRedis, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutant: str
) -> None:
    run_clocked(monkeypatch, tmp_path, [SEAT_MUTANTS[mutant]])
    with pytest.raises((AssertionError, ResponseError)):
        drive(redis_server.url, clock, settings(RUNS, max_examples=500, print_blob=False, phases=[Phase.generate]))
