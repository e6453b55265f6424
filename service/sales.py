"""Which sales share a transaction: all that come while another one runs, but for those of pools that are locked.

Somebody may lock a pool's row for seconds, such as who cancels a session with thousands of bookings. Whoever waits for
it in a shared transaction keeps the sales of all other pools waiting. So that wait is short; then the batch goes on
without the locked pools, whose sales are tried in transactions of their own until their time is over.

What is locked may be something else that one sale alone needs, such as its customer's row while the account is erased.
Then each sale of the batch is tried alone, and the one that fails again later on, between those of its pool.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Generic

import structlog

from service.group_commit import GroupCommit
from service.inventory import locked_inventory, number_of
from service.postgres import UNREACHABLE, Postgres
from service.settling import LEAST_SECONDS, PoolLocked, Sale, SaleT, Settling, Sold, deadline

MAX_SALES = 256
"""How many sales share a transaction at most."""
MAX_TRANSACTIONS = 2
MAX_APART = 2
"""How many transactions may wait at one time for pools that are locked: as many connections do."""
PAUSE_SECONDS = 0.05
TURNS_A_LINE = 20
"""How often is asked whether a pool is locked before it is waited for in line: a busy one always is when asked."""
MAX_ALONE = 64
ALONE_LOCK_MS = 100
"""How long a sale waits alone for a lock: shorter than those of its pool do, which wait for it meanwhile."""
ALONE_PAUSE_SECONDS = 0.25

Pools = tuple[str, ...]

log = structlog.get_logger(__name__)


class SaleLocked(Exception):
    """Somebody else has locked what this sale alone needs."""


class Sales(Generic[SaleT, Sold]):
    """Settles sales, with as few transactions as it takes."""

    def __init__(self, postgres: Postgres, settling: Settling[SaleT, Sold]) -> None:
        self._postgres = postgres
        self._settling = settling
        self._group = GroupCommit[SaleT, Sold](self._settle_together, max_items=MAX_SALES, max_batches=MAX_TRANSACTIONS)
        self._apart: dict[Pools, GroupCommit[SaleT, Sold]] = {}
        self._alone = GroupCommit[SaleT, Sold](self._settle_alone, max_items=1, max_batches=MAX_ALONE)
        self._slots = asyncio.Semaphore(MAX_APART)

    async def settle(self, sale: SaleT) -> Sold:
        """Commit the sale, then take its holds out of Redis.

        Raises `ApiError`: what `sell` refuses it with or `refusal`, 503 when Postgres is out of reach or a pool stays
        locked; then the holds are open again. After a 503 `OUTCOME_UNKNOWN` they stay claimed, since the sale may have
        been committed.
        """
        try:
            if not (self._apart and self._is_apart(_pools(sale))):
                with suppress(PoolLocked):
                    return await self._group.submit(sale)
            return await self._lane(_pools(sale)).submit(sale)
        except SaleLocked:
            return await self._alone.submit(sale)

    async def drain(self) -> None:
        """Wait for the sales under way."""
        for lane in (self._group, *self._apart.values(), self._alone):
            await lane.drain()

    def _is_apart(self, pools: Pools) -> bool:
        """Whether sales of one of the pools wait apart: it is locked, or it was a moment ago."""
        self._apart = {key: lane for key, lane in self._apart.items() if not lane.is_idle}
        return any(pool in key for key in self._apart for pool in pools)

    def _lane(self, pools: Pools) -> GroupCommit[SaleT, Sold]:
        lane = self._apart.get(pools)
        if lane is None:
            lane = self._apart[pools] = GroupCommit(self._settle_apart, max_items=MAX_SALES)
        return lane

    async def _settle_together(self, sales: Sequence[SaleT]) -> Sequence[Sold | Exception]:
        """Those whose pools are locked get `PoolLocked`."""
        settled = await self._settle_free(sales)
        return [settled.get(id(sale), PoolLocked()) for sale in sales]

    async def _settle_free(self, sales: Sequence[SaleT]) -> dict[int, Sold | Exception]:
        """What became of the sales, by their `id()`, but for those whose pools are locked."""
        settled = _settled(sales, await self._settling.settle(sales))
        if not (left := _left(sales, settled)):
            return settled
        locked = await self._locked(left)
        log.warning("pools_locked", pools=sorted(locked), sales=len(left))
        free = [sale for sale in left if locked.isdisjoint(_pools(sale))]
        if free and locked:
            settled |= _settled(free, await self._settling.settle(free))
        return settled | await self._settle_each(_left(free, settled))

    async def _settle_each(self, sales: Sequence[SaleT]) -> dict[int, Sold | Exception]:
        """Likewise, each in its own transaction, once; `SaleLocked` where its pools are not what is locked."""
        settled: dict[int, Sold | Exception] = {}
        locked: set[str] = set()
        for sale in sales:
            if not locked.isdisjoint(_pools(sale)):
                continue
            [outcome] = await self._settling.settle([sale], ALONE_LOCK_MS)
            if not isinstance(outcome, PoolLocked):
                settled[id(sale)] = outcome
            elif now_locked := await self._locked([sale]):
                locked |= now_locked
            else:
                settled[id(sale)] = SaleLocked()
        return settled

    async def _settle_apart(self, sales: Sequence[SaleT]) -> Sequence[Sold | Exception]:
        """All have the same pools. They are tried until they are settled, or their time is over."""
        outcomes: dict[int, Sold | Exception] = {}
        for turn in count():
            left = _left(sales, outcomes)
            if await self._may_be_free(left, turn):
                async with self._slots:
                    outcomes |= await self._settle_free(left)
            if len(outcomes) == len(sales):
                break
            await asyncio.sleep(PAUSE_SECONDS)
        return [outcomes[id(sale)] for sale in sales]

    async def _settle_alone(self, sales: Sequence[SaleT]) -> Sequence[Sold | Exception]:
        """It is one, which is tried until it is settled, or its time is over."""
        while True:
            await asyncio.sleep(ALONE_PAUSE_SECONDS)
            async with self._slots:
                outcomes = await self._settling.settle(sales, ALONE_LOCK_MS)
            if PoolLocked not in map(type, outcomes):
                return outcomes

    async def _may_be_free(self, sales: Sequence[SaleT], turn: int) -> bool:
        """Whether a transaction of these sales is worth its while.

        Those of one pool wait in line for the lock now and then. Those of several would keep one locked while they wait
        for another.
        """
        presses = min(map(deadline, sales)) < asyncio.get_running_loop().time() + LEAST_SECONDS + PAUSE_SECONDS
        waits_in_line = turn % TURNS_A_LINE == 0 and len(_pools(sales[0])) == 1
        return presses or waits_in_line or not await self._locked(sales)

    async def _locked(self, sales: Sequence[SaleT]) -> set[str]:
        """Which pools of the sales somebody else has locked."""
        names = {number: pool for sale in sales for pool in _pools(sale) if (number := number_of(pool)) is not None}
        with suppress(*UNREACHABLE):
            async with self._postgres.acquire() as connection:
                return {names[number] for number in await locked_inventory(connection, list(names))}
        return set()


def _pools(sale: Sale) -> Pools:
    return tuple(sorted(claim.pool for claim in sale.claims))


def _left(sales: Sequence[SaleT], settled: Mapping[int, object]) -> Sequence[SaleT]:
    return [sale for sale in sales if id(sale) not in settled]


def _settled(sales: Sequence[SaleT], outcomes: Sequence[Sold | Exception]) -> dict[int, Sold | Exception]:
    """What became of the sales, by their `id()`, but for those whose pools are locked."""
    return {
        id(sale): outcome for sale, outcome in zip(sales, outcomes, strict=True) if not isinstance(outcome, PoolLocked)
    }
