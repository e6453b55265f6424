"""The sample data, for a database that has none."""

import asyncio
from pathlib import Path

from service.postgres import Connection

_SEEDS = Path(__file__).parents[1] / "deliverable" / "seeds.sql"
_LOCK = 0x686F6C6473656564
"""The key of the advisory lock: "holdseed" in ASCII, so that nothing else takes it."""
_SECONDS = 60


async def seed_if_empty(connection: Connection) -> bool:
    """Load the sample data unless there are users or movies; whether it was loaded.

    One transaction, which processes that start together take turns in.
    """
    statements = await asyncio.to_thread(_SEEDS.read_text, encoding="utf-8")
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK, timeout=_SECONDS)
        if await connection.fetchval("SELECT EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM movies)"):
            return False
        await connection.execute(statements, timeout=_SECONDS)
        return True
