"""Many want few seats at once."""

import asyncio
from contextlib import AsyncExitStack, suppress
from random import Random

from holds.engine import HoldEngine
from holds.errors import HoldExpired, NotEnoughSeats
from holds.models import Timing
from holds.runner import ScriptRunner
from service.embedded import EmbeddedRedis
from tests.holds.conftest import POOL, MakeEngine, Raw
from tests.holds.database import Database
from tests.holds.steps import opened

CUSTOMERS, CAPACITY, WORKERS = 300, 100, 3
ABANDONED = 80
"""ms after which the hold of one who walks away lapses."""
ONE_LEASE = Timing(lease=60_000, claim=80_000)
"""Longer than the test: a row that is read between a sale and its settling counts the sale twice, too."""


class Sale:
    """Customers who grab, change their minds, walk away, come back, and buy until all is sold.

    One settles after the other, as a batch does: else a sale would count twice for a moment.
    """

    def __init__(self, engines: list[HoldEngine], database: Database, random: Random) -> None:
        self.engines, self.database, self.random = engines, database, random
        self.settling = asyncio.Lock()
        self.over = False
        self.samples = 0

    async def customer(self, owner: str) -> None:
        while not self.over:
            with suppress(NotEnoughSeats, HoldExpired):
                await self._try(self.random.choice(self.engines), owner)
            await asyncio.sleep(self.random.random() / 50)

    async def _try(self, engine: HoldEngine, owner: str) -> None:
        walks_away = self.random.random() < 0.3
        hold = await opened(engine, POOL, owner, lifetime=ABANDONED if walks_away else 20_000)
        (hold,) = await engine.resize(owner, {hold.id: self.random.randint(1, 4)})
        (hold,) = await engine.resize(owner, {hold.id: 1})
        if walks_away:
            return
        if self.random.random() < 0.2:
            await engine.release(owner, [hold.id])
            return
        claim = await engine.claim(owner, [hold.id])
        if self.random.random() < 0.1:
            await engine.unclaim(claim)
            await engine.release(owner, [hold.id])
            return
        async with self.settling:
            await engine.settle(POOL, [claim], self.database.sell(POOL, hold.seats))

    async def observe(self) -> None:
        while self.database.rows[POOL].sold < CAPACITY:
            known = await self.engines[0].availability(POOL)
            if known is not None:
                assert known.held >= 0
                assert known.sold + known.held <= CAPACITY
                self.samples += 1
        self.over = True


async def test_never_more_than_there_are_and_all_of_them_in_the_end(
    shared_server: EmbeddedRedis, make_engine: MakeEngine, database: Database, raw: Raw
) -> None:
    """Made to fail by leaving the comparison with what is free out of `resize.lua`."""
    database.add(POOL, CAPACITY)
    async with AsyncExitStack() as stack:
        runners = [await stack.enter_async_context(ScriptRunner.open(shared_server.url)) for _ in range(WORKERS)]
        sale = Sale([make_engine(ONE_LEASE, runner=runner) for runner in runners], database, Random(7))  # noqa: S311  # the same each time
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            group.create_task(sale.observe())
            for i in range(CUSTOMERS):
                group.create_task(sale.customer(f"usr_{i}"))
    assert database.rows[POOL].sold == CAPACITY
    assert sale.samples > 50
