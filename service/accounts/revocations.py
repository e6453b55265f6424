"""Tokens that were ended before their time, known to every worker within seconds without a read per request."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from service.accounts import queries
from service.postgres import Postgres

POLL_SECONDS = 1.0
OVERLAP = timedelta(seconds=30)
"""How far each poll looks back behind the newest row known, for transactions that committed late."""

log = structlog.get_logger(__name__)


class Revocations:
    """The tokens ended within the last token lifetime, kept in memory and polled from Postgres."""

    def __init__(self, postgres: Postgres, token_seconds: float) -> None:
        self._postgres = postgres
        self._lifetime = timedelta(seconds=token_seconds)
        self._newest = datetime.now(UTC) - self._lifetime
        # Values end in the `time.monotonic()` at which every token concerned has expired; in that order.
        self._ended_tokens: dict[UUID, tuple[float]] = {}
        self._generations: dict[int, tuple[int, UUID | None, float]] = {}

    @asynccontextmanager
    async def polling(self) -> AsyncIterator[None]:
        """Load what is known, then poll for more until the block ends. Raises what `Postgres` raises at first."""
        await self.read()
        task = asyncio.create_task(self._poll())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def ended(self, user_id: int, token_id: UUID, generation: int) -> bool:
        """Whether a token of this user, id and generation has been ended."""
        if token_id in self._ended_tokens:
            return True
        first_valid, spared, _ = self._generations.get(user_id, (0, None, 0))
        return generation < first_valid and token_id != spared

    def note_token(self, token_id: UUID) -> None:
        """Take over that a token ended, once that is committed, without waiting for the next poll."""
        self._ended_tokens.setdefault(token_id, (self._forget_at(),))

    def note_generation(self, user_id: int, generation: int, spared: UUID | None) -> None:
        """Likewise for the user's tokens below `generation`, but for the one that is spared."""
        if generation > self._generations.get(user_id, (0, None, 0))[0]:
            self._generations.pop(user_id, None)
            self._generations[user_id] = (generation, spared, self._forget_at())

    async def read(self) -> None:
        """Read what is new. Raises what `Postgres` raises."""
        async with self._postgres.acquire() as connection:
            rows = await queries.revocations_since(connection, self._newest - OVERLAP)
        for row in rows:
            if row["generation"] is None:
                self.note_token(row["jti"])
            else:
                self.note_generation(row["user_id"], row["generation"], row["spared_jti"])
            self._newest = max(self._newest, row["revoked_at"])
        _drop_forgettable(self._ended_tokens)
        _drop_forgettable(self._generations)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self.read()
            except Exception as failure:  # whatever it is, tokens must go on being ended
                log.warning("revocations_not_read", reason=str(failure) or type(failure).__name__)

    def _forget_at(self) -> float:
        return time.monotonic() + (self._lifetime + 2 * OVERLAP).total_seconds()


def _drop_forgettable(known: dict[Any, Any]) -> None:
    now = time.monotonic()
    while known and next(iter(known.values()))[-1] <= now:
        del known[next(iter(known))]
