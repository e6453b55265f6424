"""What is done about offers that Redis has lost, as it loses all open holds when it is wiped."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from asyncpg import Record

from holds import keys
from holds.runner import ScriptRunner
from service.inventory import pool_of_event
from service.postgres import Postgres
from service.ticketing.tickets.holds import hold_of
from service.ticketing.waitlist import queries

AT_ONCE = 500
"""So many holds Redis looks up in one command."""


async def lost_offers(
    postgres: Postgres, redis: ScriptRunner, pools: Sequence[int]
) -> Sequence[Sequence[Record] | BaseException]:
    """For each pool the open offers that Redis has lost, or why it could not be asked.

    However many there are, that is one round trip to Postgres, and one to Redis.
    """
    offers = defaultdict(list)
    async with postgres.acquire() as connection:
        for row in await queries.open_offers(connection, pools):
            offers[row["pool"]].append(row)
    return await asyncio.gather(*(_lost(redis, pool, offers[pool]) for pool in pools), return_exceptions=True)


async def put_back(postgres: Postgres, pool: int, lost: Sequence[Record]) -> Record | None:
    """Let those wait again, at their place, whose offers are lost; the pool's row then, None where there is none."""
    async with postgres.transaction() as connection:
        row = await queries.change_line(connection, pool)
        await queries.put_back(connection, [one["id"] for one in lost], [one["closes_at"] for one in lost])
    return row


async def _lost(redis: ScriptRunner, pool: int, offers: Sequence[Record]) -> list[Record]:
    """Those of the pool's offers whose tickets are held no more. One ticket of each tells: they are lost together."""
    name = keys.holds(pool_of_event(pool))
    first = [hold_of(offer["ticket_ids"][0]) for offer in offers]
    parts = [first[start : start + AT_ONCE] for start in range(0, len(first), AT_ONCE)]
    ends = chain(*await asyncio.gather(*(redis.command("ZMSCORE", name, *part) for part in parts)))
    return [offer for offer, end in zip(offers, ends, strict=True) if end is None]
