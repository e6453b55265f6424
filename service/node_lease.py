"""The node number under which this process mints ids: leased in Postgres, so that no two processes share one.

Three bounds keep a number from being minted twice, whatever fails:

- The generator stops when the lease has run out by the monotonic clock, counted from before Postgres was asked.
- It stops at the last millisecond that was written down as used (`last_ms`) before any of it was: a process that
  crashed, or whose clock was ahead, leaves behind from where the next holder may go on. A clean release writes what was
  really used.
- Who takes a number over begins after that millisecond.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID, uuid4

import structlog

from service.ids import MAX_NODE, NoNode, SnowflakeGenerator
from service.postgres import UNREACHABLE, Connection, Postgres

LEASE_SECONDS = 60.0
RENEWAL_SECONDS = 10.0
RETRY_SECONDS = 1.0
ADVISORY_LOCK = 4_702_111_234_474_983_745
"""Held by whoever is choosing a number."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def leased(postgres: Postgres, generator: SnowflakeGenerator) -> AsyncIterator[None]:
    """Keep `generator` supplied with a node number while the block runs, then give the number back.

    Raises what `Postgres` raises when there is none to begin with, or `NoNode` when all are leased. Later it goes on
    trying: after a lease was lost, the generator works again as soon as Postgres does.
    """
    lease = NodeLease(postgres, generator)
    await lease.renew()
    task = asyncio.create_task(lease.keep())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with suppress(*UNREACHABLE):  # then the lease runs out by itself
            await lease.release()


async def mint_once(connection: Connection) -> int:
    """One number, for a process that needs no more: under a node number leased for this transaction alone."""
    generator = SnowflakeGenerator()
    async with connection.transaction():
        await _lock(connection)
        now_ms, holder, valid_until = generator.clock(), uuid4(), time.monotonic() + LEASE_SECONDS
        not_after_ms = now_ms + round(LEASE_SECONDS * 1_000)
        node, after_ms = await _take(connection, holder, now_ms, not_after_ms)
        generator.lease(node, valid_until, after_ms, not_after_ms)
        number = generator.next()
        await _give_back(connection, node, holder, generator.last_ms)
    return number


class NodeLease:
    """One process' lease for its generator."""

    def __init__(self, postgres: Postgres, generator: SnowflakeGenerator) -> None:
        self._postgres = postgres
        self._generator = generator
        self._holder = uuid4()
        self._node: int | None = None

    async def renew(self) -> None:
        """Prolong the lease, or take a number when there is none or it was lost."""
        generator, node, after_ms = self._generator, self._node, 0
        valid_until = time.monotonic() + LEASE_SECONDS
        now_ms = generator.clock()
        not_after_ms = max(now_ms, generator.last_ms) + round(LEASE_SECONDS * 1_000)
        async with self._postgres.transaction() as connection:
            await _lock(connection)
            if node is None or not await _prolong(connection, node, self._holder, not_after_ms):
                node, after_ms = await _take(connection, self._holder, now_ms, not_after_ms)
        generator.lease(node, valid_until, after_ms, not_after_ms)
        self._node = node

    async def keep(self) -> None:
        """Renew the lease for ever."""
        pause = RENEWAL_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                await self.renew()
                pause = RENEWAL_SECONDS
            except Exception as failure:  # whatever it is, it must be tried again
                log.warning("node_lease_not_renewed", reason=str(failure) or type(failure).__name__)
                pause = RETRY_SECONDS

    async def release(self) -> None:
        """Stop the generator and give its number back."""
        if self._node is not None:
            self._generator.lease(self._node, valid_until=0)
            async with self._postgres.acquire() as connection:
                await _give_back(connection, self._node, self._holder, self._generator.last_ms)


async def _lock(connection: Connection) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock($1)", ADVISORY_LOCK)


async def _take(connection: Connection, holder: UUID, now_ms: int, last_ms: int) -> tuple[int, int]:
    """A free number, and the millisecond after which it may be used: if possible one that has passed."""
    free = await connection.fetchrow(
        """
        SELECT number AS node, coalesce(node_leases.last_ms, 0) AS last_ms
        FROM generate_series(0, $1::int) AS number LEFT JOIN node_leases ON node_leases.node = number
        WHERE node_leases.expires_at IS NULL OR node_leases.expires_at <= clock_timestamp()
        ORDER BY greatest(node_leases.last_ms, $2), number
        LIMIT 1
        """,
        MAX_NODE,
        now_ms,
    )
    if free is None:
        raise NoNode("every node number is leased")
    await connection.execute(
        """
        INSERT INTO node_leases (node, holder, expires_at, last_ms)
        VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3), $4)
        ON CONFLICT (node) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
            last_ms = greatest(node_leases.last_ms, excluded.last_ms)
        """,
        free["node"],
        holder,
        LEASE_SECONDS,
        last_ms,
    )
    return free["node"], free["last_ms"]


async def _prolong(connection: Connection, node: int, holder: UUID, last_ms: int) -> bool:
    """False when somebody else has taken the number."""
    return bool(
        await connection.fetchval(
            """
            UPDATE node_leases SET expires_at = clock_timestamp() + make_interval(secs => $3),
                last_ms = greatest(last_ms, $4)
            WHERE node = $1 AND holder = $2 RETURNING true
            """,
            node,
            holder,
            LEASE_SECONDS,
            last_ms,
        )
    )


async def _give_back(connection: Connection, node: int, holder: UUID, last_ms: int) -> None:
    await connection.execute(
        "UPDATE node_leases SET expires_at = clock_timestamp(), last_ms = $3 WHERE node = $1 AND holder = $2",
        node,
        holder,
        last_ms,
    )
