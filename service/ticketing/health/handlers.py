"""The handler of the ticketing API's health."""

import asyncio

from service.http.endpoint import Call
from service.postgres import Postgres
from service.ticketing.fields import NoQuery
from service.ticketing.health.schemas import Health


async def health(call: Call[None, NoQuery]) -> Health:
    """Tell whether the service can serve

    503 while Redis or Postgres is out of reach.
    """
    await asyncio.gather(call.resources.redis.command("PING"), _ask(call.resources.postgres))
    return Health()


async def _ask(postgres: Postgres) -> None:
    async with postgres.acquire() as connection:
        await connection.execute("SELECT")
