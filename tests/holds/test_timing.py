"""The timing argument of the README, in small: a seat that was sold, or may still be, is never granted to another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random

import pytest

from holds.engine import HoldEngine
from holds.errors import NotEnoughSeats
from holds.models import Timing
from tests.holds.conftest import ANN, BEN, POOL, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import opened

SAFE = Timing(sale=100, lease=200, claim=500)
HOLD = 60
"""ms that a hold lasts here unless it is claimed."""
SALES = 10
"""Tried until one shows the danger: each depends on when the last row comes that was read before it."""


def unsafe(claim: int) -> Timing:
    """Durations that `Timing` refuses."""
    timing = Timing(sale=SAFE.sale, lease=SAFE.lease, claim=SAFE.claim)
    object.__setattr__(timing, "claim", claim)
    return timing


@asynccontextmanager
async def meanwhile(*steps: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Take each step over and over, until the last time when this ends."""
    over = False

    async def repeat(step: Callable[[], Awaitable[None]]) -> None:
        while not over:  # redis-py loses a cancellation that meets it connecting
            await step()

    async with asyncio.TaskGroup() as group:
        for step in steps:
            group.create_task(repeat(step))
        try:
            yield
        finally:
            over = True


@dataclass
class Rival:
    """Wants the only seat, and notes whether it was granted after it was sold."""

    engine: HoldEngine
    database: Database
    granted: bool = False

    async def try_on(self) -> None:
        with suppress(NotEnoughSeats):
            await opened(self.engine, POOL, BEN, 1, lifetime=1)
            self.granted |= self.database.rows[POOL].sold == 1
        await asyncio.sleep(0.001)


@dataclass
class LateReader:
    """Reads the row and writes it as late as it might come."""

    engine: HoldEngine
    database: Database
    raw: Raw
    random: Random

    async def load(self) -> None:
        read_at = await now_of(self.raw)
        row = self.database.rows[POOL]
        await asyncio.sleep(self.random.random() * SAFE.lease / 1_000)
        await self.engine.load(POOL, row, read_at)


async def dies_after_the_commit(
    timing: Timing, make_engine: MakeEngine, database: Database, raw: Raw, seed: int = 1
) -> bool:
    """Ann's sale commits late, and nobody settles it; whether Ben is granted the seat while all rows come late."""
    await raw.flushall()
    database.add(POOL, 1)
    engine = make_engine(timing)
    rival = Rival(make_engine(timing), database)
    reader = LateReader(engine, database, raw, Random(seed))  # noqa: S311  # the same each time
    hold = await opened(engine, POOL, ANN, 1, lifetime=HOLD)
    async with meanwhile(*[reader.load] * 4):
        async with ends_before(raw, hold.closes_at):
            claim = await engine.claim(ANN, [hold.id])
        async with meanwhile(rival.try_on):
            await wait_until(raw, claim.claimed_at + int(timing.sale * 0.8))
            async with ends_before(raw, claim.claimed_at + timing.sale):
                database.sell(POOL, 1)
            await wait_until(raw, claim.claimed_at + timing.claim + timing.lease)
    return rival.granted


async def test_a_claim_that_lapses_after_the_commit_grants_nothing_sold(
    make_engine: MakeEngine, database: Database, raw: Raw
) -> None:
    assert not await dies_after_the_commit(SAFE, make_engine, database, raw)


async def test_a_claim_shorter_than_a_sale_and_a_lease_would(
    make_engine: MakeEngine, database: Database, raw: Raw
) -> None:
    """Shows that the test above can fail."""
    for seed in range(SALES):
        if await dies_after_the_commit(unsafe(claim=120), make_engine, database, raw, seed):
            return
    pytest.fail("nobody was granted a seat that was sold")


@pytest.mark.parametrize("settles", [True, False])
async def test_a_sale_that_takes_over_grants_nothing_sold(
    make_engine: MakeEngine, database: Database, raw: Raw, *, settles: bool
) -> None:
    """The first sale commits unheard; the second takes over, does not reach the database, and gives up."""
    database.add(POOL, 1)
    engine = make_engine(SAFE)
    rival = Rival(make_engine(SAFE), database)
    hold = await opened(engine, POOL, ANN, 1, lifetime=HOLD)
    async with ends_before(raw, hold.closes_at):
        first = await engine.claim(ANN, [hold.id])
    async with meanwhile(rival.try_on):
        await wait_until(raw, first.claimed_at + SAFE.sale - 20)
        read_at, row = await now_of(raw), database.rows[POOL]
        async with ends_before(raw, first.claimed_at + SAFE.sale):
            sold = database.sell(POOL, 1)
        await wait_until(raw, first.claimed_at + SAFE.sale + 1)
        async with ends_before(raw, first.claimed_at + SAFE.claim - SAFE.sale - SAFE.lease):
            second = await engine.claim(ANN, [hold.id])
            await engine.load(POOL, row, read_at)
            await engine.unclaim(second)
        await asyncio.sleep(0.05)
        if settles:
            await engine.settle(POOL, [first], sold)
        await wait_until(raw, first.claimed_at + SAFE.claim + SAFE.lease)
    assert not rival.granted


@pytest.mark.parametrize("wrong", [{"claim": 399}, {"lease": 301}, {"sale": 151}])
def test_durations_that_do_not_fit_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="two sales and a lease"):
        Timing(**{"sale": 100, "lease": 200, "claim": 500, **wrong})
