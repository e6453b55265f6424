"""Settling claimed bookings: the second and third steps of confirming, several bookings to a transaction."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress

import asyncpg
import structlog

from holds.engine import HoldEngine
from holds.errors import StoreUnavailable
from holds.models import Claim, Inventory
from service.bookings.inventory import load_inventory, pool_of
from service.bookings.selling import Outcome, Sale, SaleTransaction, Settled, sell
from service.errors import OUTCOME_UNKNOWN, SEATS_UNAVAILABLE, SERVICE_UNAVAILABLE, ApiError
from service.group_commit import GroupCommit
from service.postgres import UNREACHABLE, Postgres

MAX_SALES = 256
"""How many bookings share a transaction at most."""
MAX_TRANSACTIONS = 2
LEAST_SECONDS = 0.25
"""A sale with less time than this left before its deadline is not begun: it would cut its neighbours' time short."""

log = structlog.get_logger(__name__)


class Sales:
    """Settles sales as `holds/README.md` describes: a booking's row and its seats commit together, and the primary key
    decides between two sales of one booking.
    """

    def __init__(self, postgres: Postgres, engine: HoldEngine) -> None:
        self._postgres = postgres
        self._engine = engine
        self._group = GroupCommit(self._settle_batch, max_items=MAX_SALES, max_batches=MAX_TRANSACTIONS)

    async def settle(self, sale: Sale) -> Settled:
        """Commit the sale, then take its hold out of Redis.

        Raises `ApiError`: 409 when the inventory refuses it, 503 when Postgres is out of reach; then the booking is
        open again. After a 503 `OUTCOME_UNKNOWN` it stays claimed, since it may have been committed.
        """
        return await self._group.submit(sale)

    async def drain(self) -> None:
        """Wait for the sales under way."""
        await self._group.drain()

    async def _settle_batch(self, sales: Sequence[Sale]) -> Sequence[Outcome]:
        earliest = asyncio.get_running_loop().time() + LEAST_SECONDS
        in_time = [sale for sale in sales if sale.claim.deadline > earliest]
        late = [sale for sale in sales if sale.claim.deadline <= earliest]
        outcomes: dict[int, Outcome] = {id(sale): ApiError(SERVICE_UNAVAILABLE) for sale in late}
        inventories: dict[int, Inventory] = {}
        if in_time:
            try:
                sold, inventories = await self._commit(in_time)
            except asyncpg.IntegrityConstraintViolationError:
                if len(sales) > 1:  # one of them spoils it for all: each on its own, so that only that one is refused
                    return [outcome for sale in sales for outcome in await self._settle_batch([sale])]
                sold, inventories = [ApiError(SEATS_UNAVAILABLE)], await self._inventory_now(in_time[0])
            outcomes |= {id(sale): outcome for sale, outcome in zip(in_time, sold, strict=True)}
        in_order = [outcomes[id(sale)] for sale in sales]
        await self._tell_engine(sales, in_order, inventories)
        return in_order

    async def _commit(self, sales: Sequence[Sale]) -> tuple[list[Outcome], dict[int, Inventory]]:
        """Run the transaction; returns each sale's outcome, and the inventory by session as it is after it."""
        transaction = SaleTransaction()
        failure: Exception
        try:
            async with self._postgres.acquire() as connection:
                seconds = min(sale.claim.deadline for sale in sales) - asyncio.get_running_loop().time()
                async with transaction.run(connection, seconds):
                    return await sell(connection, sales)
        except asyncpg.IntegrityConstraintViolationError:
            raise
        except (*UNREACHABLE, asyncpg.DeadlockDetectedError) as error:
            failure = ApiError(OUTCOME_UNKNOWN if transaction.committing else SERVICE_UNAVAILABLE)
            log.warning("sale_failed", reason=str(error) or type(error).__name__, committing=transaction.committing)
        except Exception as error:  # whatever it is, the claims must not stay frozen for it
            failure = ApiError(OUTCOME_UNKNOWN) if transaction.committing else error
        return [failure] * len(sales), {}

    async def _inventory_now(self, sale: Sale) -> dict[int, Inventory]:
        """The sale's inventory row, for the pool that granted too much; nothing where it cannot be read."""
        with suppress(*UNREACHABLE):
            inventory = await load_inventory(self._postgres, sale.claim.pool)
            return {} if inventory is None else {sale.session_id: inventory}
        return {}

    async def _tell_engine(
        self, sales: Sequence[Sale], outcomes: Sequence[Outcome], inventories: dict[int, Inventory]
    ) -> None:
        """Take what was settled out of Redis, and give back what was refused.

        If Redis does not answer, claims lapse and leases end by themselves: what is committed stays so.
        """
        settled: dict[int, list[Claim]] = defaultdict(list)
        refused: dict[int, list[Claim]] = defaultdict(list)
        for sale, outcome in zip(sales, outcomes, strict=True):
            if isinstance(outcome, Settled):
                settled[sale.session_id].append(sale.claim)
            elif not (isinstance(outcome, ApiError) and outcome.kind is OUTCOME_UNKNOWN):
                refused[sale.session_id].append(sale.claim)
        calls = [self._engine.unclaim(claim) for claims in refused.values() for claim in claims]
        for session_id, inventory in inventories.items():
            pool = pool_of(session_id)
            if claims := settled[session_id]:
                calls.append(self._engine.settle(pool, claims, inventory))
            else:
                read_at = max(claim.claimed_at for claim in refused[session_id])
                calls.append(self._engine.load(pool, inventory, read_at))
        for call in calls:
            try:
                await call
            except StoreUnavailable as unavailable:
                log.warning("sale_not_told_to_redis", reason=str(unavailable))
