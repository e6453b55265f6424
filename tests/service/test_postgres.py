"""What becomes of statements that take too long."""

import asyncpg
import pytest

from service.postgres import Postgres
from tests.service.waiting import somebody_waits, until


async def test_a_statement_that_was_given_up_is_not_run_later(postgres_url: str) -> None:
    """Without `client_connection_check_interval` it waits on for its lock, and inserts."""
    insert = "INSERT INTO genres (name) VALUES ('Western')"
    holder = await asyncpg.connect(postgres_url)
    async with Postgres.open(postgres_url) as postgres:

        async def nobody_waits() -> bool:
            return not await somebody_waits(postgres)

        async with holder.transaction():
            await holder.execute("LOCK TABLE genres IN SHARE MODE")
            with pytest.raises(TimeoutError):
                async with postgres.acquire() as connection:
                    await connection.execute(insert)
            await until(nobody_waits)
        assert await holder.fetchval("SELECT count(*) FROM genres") == 0
    await holder.close()
