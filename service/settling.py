"""Settling claimed holds: the second and third steps of confirming, several sales in one transaction."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar

import asyncpg
import structlog

from holds.engine import HoldEngine
from holds.errors import StoreUnavailable
from holds.models import Claim, Inventory
from service.errors import OUTCOME_UNKNOWN, SERVICE_UNAVAILABLE, ApiError, ErrorKind
from service.postgres import UNREACHABLE, Connection, Postgres
from service.sale_transaction import LOCK_MS, SaleTransaction

LEAST_SECONDS = LOCK_MS / 1_000 + 0.25
"""A sale with less time than this left before its deadline is not begun: it would cut its neighbours' time short.

They may have to wait for a lock, and give up the transaction for that, before they can be sold.
"""

log = structlog.get_logger(__name__)


class Sale(Protocol):
    """What is sold or given up together, all or none: its claims, one for each pool."""

    @property
    def claims(self) -> Sequence[Claim]: ...


SaleT = TypeVar("SaleT", bound=Sale)
Sold = TypeVar("Sold")
Inventories = Mapping[str, Inventory]
"""Inventory rows by pool."""
Sell = Callable[[Connection, Sequence[SaleT]], Awaitable[tuple[Sequence[Sold | Exception], Inventories]]]
"""Sells within the connection's transaction: each sale's outcome, in order, and the rows of their pools after it.

It locks those rows first, in the order of their ids. A sale may be refused without failing the others.
"""


class PoolLocked(Exception):
    """Somebody else has locked what the sale needs: nothing was done, and it may be tried again."""


class Settling(Generic[SaleT, Sold]):
    """Settles sales as `holds/README.md` describes: what is sold and its seats commit together.

    `sell` writes them, `read` gives a pool's row as it is now, and `refusal` is what a sale is answered that the
    constraint of the inventory refuses.
    """

    def __init__(
        self,
        postgres: Postgres,
        engine: HoldEngine,
        sell: Sell[SaleT, Sold],
        read: Callable[[str], Awaitable[Inventory | None]],
        refusal: ErrorKind,
    ) -> None:
        self._postgres = postgres
        self._engine = engine
        self._sell = sell
        self._read = read
        self._refusal = refusal

    async def settle(self, sales: Sequence[SaleT], lock_ms: int = LOCK_MS) -> Sequence[Sold | Exception]:
        """Commit the sales in one transaction, then take their holds out of Redis; each one's outcome, in order.

        `PoolLocked`, of all that were in time: somebody else has locked what they need for `lock_ms`, and nothing has
        happened.
        """
        in_time = _in_time(sales)
        outcomes: dict[int, Sold | Exception] = {id(sale): ApiError(SERVICE_UNAVAILABLE) for sale in sales}
        inventories: Inventories = {}
        if in_time:
            try:
                sold, inventories = await self._commit_in_time(in_time, lock_ms)
            except asyncpg.IntegrityConstraintViolationError:
                if len(sales) > 1:  # one of them spoils it for all: each on its own, so that only that one is refused
                    return [outcome for sale in sales for outcome in await self.settle([sale], lock_ms)]
                sold, inventories = [ApiError(self._refusal)], await self._inventories_now(in_time[0])
            outcomes |= {id(sale): outcome for sale, outcome in zip(in_time, sold, strict=True)}
        in_order = [outcomes[id(sale)] for sale in sales]
        await self._tell_engine(sales, in_order, inventories)
        return in_order

    async def _commit_in_time(
        self, sales: Sequence[SaleT], lock_ms: int
    ) -> tuple[Sequence[Sold | Exception], Inventories]:
        """As `_commit`; where a sale's time was over before the transaction was, the others are tried without it."""
        outcomes, inventories = await self._commit(sales, lock_ms)
        again = _in_time(sales) if all(map(_is_undone, outcomes)) else []
        if not 0 < len(again) < len(sales):
            return outcomes, inventories
        retried, inventories = await self._commit_in_time(again, lock_ms)
        outcome_of = dict(zip(map(id, again), retried, strict=True))
        return [outcome_of.get(id(sale), outcomes[0]) for sale in sales], inventories

    async def _commit(self, sales: Sequence[SaleT], lock_ms: int) -> tuple[Sequence[Sold | Exception], Inventories]:
        """Run the transaction; returns each sale's outcome, and the inventory by pool as it is after it."""
        transaction = SaleTransaction()
        failure: Exception
        try:
            async with self._postgres.acquire() as connection:
                seconds = min(map(deadline, sales)) - asyncio.get_running_loop().time()
                async with transaction.run(connection, seconds, lock_ms):
                    return await self._sell(connection, sales)
        except asyncpg.IntegrityConstraintViolationError:
            raise
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            failure = PoolLocked()
        except UNREACHABLE as error:
            failure = ApiError(OUTCOME_UNKNOWN if transaction.committing else SERVICE_UNAVAILABLE)
            log.warning("sale_failed", reason=str(error) or type(error).__name__, committing=transaction.committing)
        except Exception as error:  # whatever it is, the claims must not stay frozen for it
            failure = ApiError(OUTCOME_UNKNOWN) if transaction.committing else error
        return [failure] * len(sales), {}

    async def _inventories_now(self, sale: SaleT) -> Inventories:
        """The rows of the sale's pools, one of which granted too much; nothing where they cannot be read."""
        inventories = {}
        with suppress(*UNREACHABLE):
            for claim in sale.claims:
                if (inventory := await self._read(claim.pool)) is not None:
                    inventories[claim.pool] = inventory
        return inventories

    async def _tell_engine(
        self, sales: Sequence[SaleT], outcomes: Sequence[Sold | Exception], inventories: Inventories
    ) -> None:
        """Take what was settled out of Redis, and give back what was refused.

        If Redis does not answer, claims lapse and leases end by themselves: what is committed stays so.
        """
        settled: dict[str, list[Claim]] = defaultdict(list)
        refused: dict[str, list[Claim]] = defaultdict(list)
        for sale, outcome in zip(sales, outcomes, strict=True):
            if _stays_claimed(outcome):
                continue
            side = refused if isinstance(outcome, Exception) else settled
            for claim in sale.claims:
                side[claim.pool].append(claim)
        calls = [self._engine.unclaim(claim) for claims in refused.values() for claim in claims]
        for pool, inventory in inventories.items():
            if claims := settled[pool]:
                calls.append(self._engine.settle(pool, claims, inventory))
            else:
                read_at = max(claim.claimed_at for claim in refused[pool])
                calls.append(self._engine.load(pool, inventory, read_at))
        await tell(calls)


def _stays_claimed(outcome: object) -> bool:
    """Whether the sale may have been committed, or is tried again."""
    return isinstance(outcome, PoolLocked) or (isinstance(outcome, ApiError) and outcome.kind is OUTCOME_UNKNOWN)


def _is_undone(outcome: object) -> bool:
    """Whether the sale's transaction was ended before it was committed."""
    return isinstance(outcome, ApiError) and outcome.kind is SERVICE_UNAVAILABLE


def _in_time(sales: Sequence[SaleT]) -> Sequence[SaleT]:
    """The sales whose transaction may begin."""
    earliest = asyncio.get_running_loop().time() + LEAST_SECONDS
    return [sale for sale in sales if deadline(sale) > earliest]


def deadline(sale: Sale) -> float:
    """When the sale's transaction must have ended, by the event loop's clock: in time for every one of its claims."""
    return min(claim.deadline for claim in sale.claims)


async def tell(calls: Iterable[Awaitable[Any]]) -> None:
    """Wait for what Redis was told about sales. If it does not answer, leases and claims end by themselves."""
    for call in calls:
        try:
            await call
        except StoreUnavailable as unavailable:
            log.warning("sale_not_told_to_redis", reason=str(unavailable))
