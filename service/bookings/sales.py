"""Settling claimed bookings: the second and third steps of confirming, several bookings to a transaction."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Literal

import asyncpg
import structlog
from asyncpg import Record

from holds.engine import HoldEngine
from holds.errors import StoreUnavailable
from holds.models import Claim, Inventory
from service.bookings import queries
from service.bookings.inventory import as_inventory, pool_of
from service.errors import (
    OUTCOME_UNKNOWN,
    SEATS_UNAVAILABLE,
    SERVICE_UNAVAILABLE,
    SESSION_CANCELLED,
    ApiError,
)
from service.group_commit import GroupCommit
from service.moments import from_milliseconds
from service.postgres import UNREACHABLE, Connection, Postgres

MAX_SALES = 256
"""How many bookings share a transaction at most."""
MAX_TRANSACTIONS = 2
LEAST_SECONDS = 0.25
"""A sale with less time than this left before its deadline is not begun: it would cut its neighbours' time short."""

log = structlog.get_logger(__name__)

Status = Literal["confirmed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Sale:
    """A claimed booking that is to become a row of `status`."""

    booking_id: int
    session_id: int
    user_id: int
    status: Status
    claim: Claim

    @property
    def seats(self) -> int:
        return self.claim.holds[0].seats

    @property
    def confirmed_seats(self) -> int:
        """The seats that it takes from the inventory for good."""
        return self.seats if self.status == "confirmed" else 0

    def row(self) -> tuple[object, ...]:
        """What `queries.sell` inserts."""
        hold = self.claim.holds[0]
        reserved_at = None if hold.reserved_at is None else from_milliseconds(hold.reserved_at)
        opened_at, closes_at = from_milliseconds(hold.opened_at), from_milliseconds(hold.closes_at)
        return (
            self.booking_id,
            self.session_id,
            self.user_id,
            hold.seats,
            self.status,
            opened_at,
            closes_at,
            reserved_at,
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """A booking's row as it is now. `made`: this very sale wrote it, rather than finding it there."""

    booking: Record
    made: bool


class Sales:
    """Settles sales as `holds/README.md` describes: the row and its seats commit together, and the primary key decides
    between two sales of one booking.
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

    async def _settle_batch(self, sales: Sequence[Sale]) -> Sequence[Settled | Exception]:
        try:
            outcomes, inventories = await self._commit(sales)
        except asyncpg.IntegrityConstraintViolationError:
            if len(sales) > 1:  # one of them spoils it for all: each on its own, so that only that one is refused
                return [outcome for sale in sales for outcome in await self._settle_batch([sale])]
            outcomes, inventories = [ApiError(SEATS_UNAVAILABLE)], {}
        await self._tell_engine(sales, outcomes, inventories)
        return outcomes

    async def _commit(self, sales: Sequence[Sale]) -> tuple[list[Settled | Exception], dict[int, Inventory]]:
        """Run the transaction; returns each sale's outcome, and the inventory rows as they are after it."""
        left = min(sale.claim.deadline for sale in sales) - asyncio.get_running_loop().time()
        if left < LEAST_SECONDS:
            return await self._commit_those_in_time(sales)
        transaction = _Transaction()
        try:
            async with self._postgres.acquire() as connection, transaction.run(connection, left):
                return await _sell(connection, sales)
        except UNREACHABLE as error:
            log.warning("sale_failed", reason=str(error) or type(error).__name__, committing=transaction.committing)
            kind = OUTCOME_UNKNOWN if transaction.committing else SERVICE_UNAVAILABLE
            return [ApiError(kind)] * len(sales), {}

    async def _commit_those_in_time(
        self, sales: Sequence[Sale]
    ) -> tuple[list[Settled | Exception], dict[int, Inventory]]:
        earliest = asyncio.get_running_loop().time() + LEAST_SECONDS
        in_time = [sale for sale in sales if sale.claim.deadline > earliest]
        outcomes: dict[int, Settled | Exception] = {}
        inventories: dict[int, Inventory] = {}
        if in_time:
            settled, inventories = await self._commit(in_time)
            outcomes = {id(sale): outcome for sale, outcome in zip(in_time, settled, strict=True)}
        return [outcomes.get(id(sale), ApiError(SERVICE_UNAVAILABLE)) for sale in sales], inventories

    async def _tell_engine(
        self,
        sales: Sequence[Sale],
        outcomes: Sequence[Settled | Exception],
        inventories: dict[int, Inventory],
    ) -> None:
        """Take what was settled out of Redis and give back what was refused. The rows are committed: if Redis does not
        answer, claims lapse and leases end by themselves.
        """
        settled: dict[int, list[Claim]] = defaultdict(list)
        refused: list[Claim] = []
        for sale, outcome in zip(sales, outcomes, strict=True):
            if isinstance(outcome, Settled):
                settled[sale.session_id].append(sale.claim)
            elif not (isinstance(outcome, ApiError) and outcome.kind is OUTCOME_UNKNOWN):
                refused.append(sale.claim)
        calls = [self._engine.unclaim(claim) for claim in refused]
        for session_id, inventory in inventories.items():
            pool = pool_of(session_id)
            if session_id in settled:
                calls.append(self._engine.settle(pool, settled[session_id], inventory))
            else:
                read_at = min(claim.claimed_at for claim in refused if claim.pool == pool)
                calls.append(self._engine.load(pool, inventory, read_at))
        for result in await asyncio.gather(*calls, return_exceptions=True):
            if isinstance(result, StoreUnavailable):
                log.warning("sale_not_told_to_redis", reason=str(result))
            elif isinstance(result, BaseException):
                raise result


class _Transaction:
    """Begin and commit with one round trip each. `committing`: the commit was sent, its outcome is not known."""

    def __init__(self) -> None:
        self.committing = False

    @asynccontextmanager
    async def run(self, connection: Connection, seconds: float) -> AsyncIterator[None]:
        """A transaction that Postgres itself ends after `seconds`."""
        try:
            await connection.execute(f"BEGIN; SET LOCAL transaction_timeout = {int(seconds * 1_000)}")
            yield
            self.committing = True
            await connection.execute("COMMIT")
        except BaseException:
            await _roll_back(connection)
            raise
        self.committing = False


async def _roll_back(connection: Connection) -> None:
    """Leave no transaction open on the connection, at the price of the connection."""
    try:
        await connection.execute("ROLLBACK")
    except UNREACHABLE:
        with suppress(*UNREACHABLE):
            connection.terminate()


async def _sell(
    connection: Connection, sales: Sequence[Sale]
) -> tuple[list[Settled | Exception], dict[int, Inventory]]:
    """Insert the sales that the locked inventory allows. A sale may find its booking settled, or be refused."""
    locked = await queries.lock_inventory(connection, list({sale.session_id for sale in sales}))
    inventories = {row["id"]: as_inventory(row) for row in locked}
    # Bookings of a session are written under the lock on its inventory only: what is not there now will not appear.
    found = {row["id"]: row for row in await queries.settled(connection, [sale.booking_id for sale in sales])}
    free = {session_id: row.capacity - row.sold for session_id, row in inventories.items()}
    accepted: dict[int, Sale] = {}
    for sale in sales:
        if sale.booking_id in found or sale.booking_id in accepted or sale.session_id not in free:
            continue
        if sale.confirmed_seats <= free[sale.session_id]:
            free[sale.session_id] -= sale.confirmed_seats
            accepted[sale.booking_id] = sale
    made: dict[int, Record] = {}
    if accepted:
        for row in await queries.sell(connection, [sale.row() for sale in accepted.values()]):
            made[row["id"]] = row
            if row["version"] is not None:
                inventories[row["session_id"]] = as_inventory(row)
    return [_outcome(sale, accepted, made, found, inventories) for sale in sales], inventories


def _outcome(
    sale: Sale,
    accepted: dict[int, Sale],
    made: dict[int, Record],
    found: dict[int, Record],
    inventories: dict[int, Inventory],
) -> Settled | Exception:
    if sale.booking_id in made:
        return Settled(made[sale.booking_id], made=accepted[sale.booking_id] is sale)
    if sale.booking_id in found:
        return Settled(found[sale.booking_id], made=False)
    return ApiError(SEATS_UNAVAILABLE if sale.session_id in inventories else SESSION_CANCELLED)
