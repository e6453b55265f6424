"""A session's pool: its name in the engine, and its row in Postgres as the engine takes it."""

from asyncpg import Record

from holds.models import Inventory
from service.bookings import queries
from service.ids import Entity
from service.moments import to_milliseconds
from service.postgres import Postgres


def pool_of(session_id: int) -> str:
    """The pool that sells a session's seats."""
    return Entity.SESSION.public(session_id)


def as_inventory(row: Record) -> Inventory:
    """The inventory row in `row`, which may have more columns."""
    return Inventory(row["capacity"], row["sold"], to_milliseconds(row["sales_end"]), row["version"])


async def load_inventory(postgres: Postgres, pool: str) -> Inventory | None:
    """What the engine loads a pool from; None when there is no such session."""
    session_id = Entity.SESSION.number(pool)
    if session_id is None:
        return None
    async with postgres.acquire() as connection:
        row = await queries.inventory(connection, session_id)
    return None if row is None else as_inventory(row)
