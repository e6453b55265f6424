"""The timing argument of the README, in small: a seat that was sold, or may still be, is never granted to another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random

import pytest

from holds.engine import HoldEngine
from holds.errors import NotEnoughSeats
from holds.models import Timing
from tests.holds.conftest import ANN, BEN, POOL, MakeEngine, Raw, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import opened

SAFE = Timing(sale=100, lease=200, claim=500)
HOLD = 60
"""ms that a hold lasts here unless it is claimed."""


def unsafe(claim: int) -> Timing:
    """Durations that `Timing` refuses."""
    timing = Timing(sale=SAFE.sale, lease=SAFE.lease, claim=SAFE.claim)
    object.__setattr__(timing, "claim", claim)
    return timing


@dataclass
class Rival:
    """Wants the only seat, tries all the time, and notes whether it was granted after it was sold."""

    engine: HoldEngine
    database: Database
    granted: bool = False

    async def try_on(self) -> None:
        while not self.granted:
            with suppress(NotEnoughSeats):
                await opened(self.engine, POOL, BEN, 1, lifetime=1)
                self.granted = self.database.rows[POOL].sold == 1
            await asyncio.sleep(0.001)

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[None]:
        attempts = asyncio.create_task(self.try_on())
        yield
        if not attempts.done():
            attempts.cancel()
        with suppress(asyncio.CancelledError):
            await attempts


async def load_late(engine: HoldEngine, database: Database, raw: Raw, random: Random, stop: asyncio.Event) -> None:
    """Read the row and write it as late as it might come, over and over."""
    while not stop.is_set():  # redis-py loses a cancellation that meets it connecting
        read_at = await now_of(raw)
        row = database.rows[POOL]
        await asyncio.sleep(random.random() * SAFE.lease / 1_000)
        await engine.load(POOL, row, read_at)


async def dies_after_the_commit(timing: Timing, make_engine: MakeEngine, database: Database, raw: Raw) -> bool:
    """Ann's sale commits late, and nobody settles it; whether Ben is granted the seat while all rows come late."""
    database.add(POOL, 1)
    engine, random = make_engine(timing), Random(1)  # noqa: S311  # the same each time
    hold = await opened(engine, POOL, ANN, 1, lifetime=HOLD)
    rival = Rival(make_engine(timing), database)
    stop = asyncio.Event()
    loads = [asyncio.create_task(load_late(engine, database, raw, random, stop)) for _ in range(4)]
    claim = await engine.claim(ANN, [hold.id])
    async with rival.trying():
        await wait_until(raw, claim.claimed_at + int(timing.sale * 0.8))
        database.sell(POOL, 1)
        await wait_until(raw, claim.claimed_at + timing.claim + timing.lease)
    stop.set()
    await asyncio.gather(*loads)
    return rival.granted


async def test_a_claim_that_lapses_after_the_commit_grants_nothing_sold(
    make_engine: MakeEngine, database: Database, raw: Raw
) -> None:
    assert not await dies_after_the_commit(SAFE, make_engine, database, raw)


async def test_a_claim_shorter_than_a_sale_and_a_lease_would(
    make_engine: MakeEngine, database: Database, raw: Raw
) -> None:
    """Shows that the test above can fail."""
    assert await dies_after_the_commit(unsafe(claim=120), make_engine, database, raw)


@pytest.mark.parametrize("settles", [True, False])
async def test_a_sale_that_takes_over_grants_nothing_sold(
    make_engine: MakeEngine, database: Database, raw: Raw, *, settles: bool
) -> None:
    """The first sale commits unheard; the second takes over, does not reach the database, and gives up."""
    database.add(POOL, 1)
    engine = make_engine(SAFE)
    hold = await opened(engine, POOL, ANN, 1, lifetime=HOLD)
    rival = Rival(make_engine(SAFE), database)
    first = await engine.claim(ANN, [hold.id])
    async with rival.trying():
        await wait_until(raw, first.claimed_at + SAFE.sale - 20)
        read_at, row = await now_of(raw), database.rows[POOL]
        sold = database.sell(POOL, 1)
        await wait_until(raw, first.claimed_at + SAFE.sale + 1)
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
