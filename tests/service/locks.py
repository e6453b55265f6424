"""Who waits for a lock in Postgres."""

from service.postgres import Postgres


async def somebody_waits(postgres: Postgres) -> bool:
    """Whether somebody waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with postgres.acquire() as connection:
        return bool(await connection.fetchval(waiting))
