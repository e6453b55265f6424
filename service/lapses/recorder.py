"""Records lapsed holds of sessions, off the way of every request.

A hold is forgotten in Redis after its row is committed, and its number is the row's key: a recorder that dies, or two
of them, record it once. A wiped Redis loses what was not recorded, which is history alone.
"""

from collections.abc import Sequence

from holds import scanning
from holds.lapses import Lapse, Lapses
from service.ids import Entity, minted_at_ms
from service.jobs.resources import JobResources
from service.lapses import queries
from service.moments import from_milliseconds

ROUNDS = 25
"""So often one pool is asked in a row: more than it takes to empty the longest list that Redis keeps."""


async def record(resources: JobResources) -> None:
    """Record what has lapsed so far. Raises `StoreUnavailable`, and what `Postgres` raises.

    A pool whose holds go on lapsing meanwhile keeps no other waiting: what is left of it is for the next time.
    """
    lapses = Lapses(resources.redis)
    async for batch in scanning.pools_with_holds(resources.settings.redis_url):
        for pool in dict.fromkeys(batch):
            for _ in range(ROUNDS):
                found, more = await lapses.take(pool)
                await _insert(resources, pool, found)
                if not more:
                    break


async def _insert(resources: JobResources, pool: str, lapses: Sequence[Lapse]) -> None:
    session_id = Entity.SESSION.number(pool)
    if session_id is None:  # of an event: nobody keeps that history
        return
    if rows := [row for lapse in lapses if (row := _row(session_id, lapse)) is not None]:
        async with resources.postgres.acquire() as connection:
            await queries.insert_lapses(connection, rows)


def _row(session_id: int, lapse: Lapse) -> tuple[object, ...] | None:
    number, user_id = Entity.BOOKING.number(lapse.id), Entity.USER.number(lapse.owner or "")
    if number is None or user_id is None:
        return None
    opened_at, ended_at = (from_milliseconds(ms) for ms in (minted_at_ms(number), lapse.ended_at))
    return number, session_id, user_id, lapse.seats, opened_at, ended_at, "session_gone" if lapse.dropped else "lapsed"
