"""What is done about offers that Redis has lost, as it loses all open holds when it is wiped."""

import asyncio
from collections.abc import Sequence

from asyncpg import Record

from holds import keys
from holds.runner import ScriptRunner
from service.inventory import pool_of_event
from service.postgres import Postgres
from service.ticketing.tickets.holds import hold_of
from service.ticketing.waitlist import queries


async def put_back_lost(postgres: Postgres, redis: ScriptRunner, pool: int) -> Record | None:
    """Let those wait again, at their place, whose offers are lost; the pool's row then, None if nothing was changed."""
    async with postgres.acquire() as connection:
        offers = await queries.open_offers(connection, pool)
    lost = await _lost(redis, pool, offers)
    if not lost:
        return None
    async with postgres.transaction() as connection:
        row = await queries.change_line(connection, pool)
        await queries.put_back(connection, [one["id"] for one in lost], [one["closes_at"] for one in lost])
    return row


async def _lost(redis: ScriptRunner, pool: int, offers: Sequence[Record]) -> list[Record]:
    """The offers whose tickets are held no more. One ticket of each tells: they are held and lost together."""
    name = pool_of_event(pool)
    holds = [keys.hold(name, hold_of(offer["ticket_ids"][0])) for offer in offers]
    live = await asyncio.gather(*(redis.command("EXISTS", hold) for hold in holds))
    return [offer for offer, is_live in zip(offers, live, strict=True) if not is_live]
