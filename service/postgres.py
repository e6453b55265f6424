"""The connection pool, and what counts as Postgres being out of reach."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
import orjson

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

# Text, since asyncpg's classes are generic in their stubs alone.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

CONNECT_SECONDS = 0.9
COMMAND_SECONDS = 1.5
ENDS_WITH_ITS_CLIENT = {"client_connection_check_interval": "1s"}
"""A statement that was given up while it waited for a lock is not run at last, when nobody knows of it any more."""

UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
)
"""What asyncpg raises when Postgres cannot be reached, does not answer in time, or is not ready to do so now."""


class Postgres:
    """A pool of connections. Getting one takes at most `CONNECT_SECONDS`, a command `COMMAND_SECONDS`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, *, max_size: int = 10) -> AsyncIterator["Postgres"]:
        """The pool at `url`, closed in the end. Raises one of `UNREACHABLE` when there is no server."""
        pool = await asyncpg.create_pool(
            url,
            min_size=2,
            max_size=max_size,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            init=_prepare_connection,
            reset=_nothing_to_reset,
            server_settings=ENDS_WITH_ITS_CLIENT,
        )
        try:
            yield cls(pool)
        finally:
            try:
                await pool.close()
            except UNREACHABLE:
                pool.terminate()

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator["Connection"]:
        """A connection, each statement a transaction of its own."""
        async with asyncio.timeout(CONNECT_SECONDS):  # the pool's own timeout would cost a task
            connection = await self._pool.acquire()
        try:
            with _dropped_when_silent(connection):
                yield connection
        finally:
            await self._pool.release(connection, timeout=CONNECT_SECONDS)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Connection"]:
        """A connection in a transaction (read committed), committed unless the block raises."""
        async with self.acquire() as connection, connection.transaction():
            with _dropped_when_silent(connection):
                yield connection


@contextmanager
def _dropped_when_silent(connection: "Connection") -> Iterator[None]:
    """Close the connection when a command took too long.

    Waiting for a silent server to cancel the command, or to roll back, would take as long again.
    """
    try:
        yield
    except TimeoutError:
        connection.terminate()
        raise


async def _prepare_connection(connection: "Connection") -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads
    )


async def _nothing_to_reset(connection: "Connection") -> None:
    """Nobody sets session state (`SET LOCAL` only), so that a checkout need not pay for a reset."""
