"""A sale's transaction: Postgres itself ends it in time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from service.postgres import UNREACHABLE, Connection

LOCK_MS = 250
"""How long a sale waits for a lock: others wait with it, and hold theirs meanwhile."""


class SaleTransaction:
    """A transaction that Postgres itself ends in time, begun and committed with one round trip each."""

    def __init__(self) -> None:
        self.committing = False
        """The commit was sent and not answered: nobody knows the outcome."""

    @asynccontextmanager
    async def run(self, connection: Connection, seconds: float, lock_ms: int = LOCK_MS) -> AsyncIterator[None]:
        """The transaction, committed unless the block raises; it takes at most `seconds`, and `lock_ms` for a lock.

        Raises `TimeoutError`, and what asyncpg raises.
        """
        milliseconds = int(seconds * 1_000)
        if milliseconds < 1:  # Postgres would take 0 for no limit
            raise TimeoutError("there was no time left for the sale")
        try:
            await connection.execute(
                f"BEGIN; SET LOCAL transaction_timeout = {milliseconds}; SET LOCAL lock_timeout = {lock_ms}"
            )
            yield
            self.committing = True
            await connection.execute("COMMIT")
        except BaseException:
            await _roll_back(connection)
            raise
        self.committing = False


async def _roll_back(connection: Connection) -> None:
    """Leave no transaction open on the connection, if need be at the price of the connection."""
    try:
        await connection.execute("ROLLBACK")
    except UNREACHABLE:
        with suppress(*UNREACHABLE):
            connection.terminate()
