"""Pools of seats, each of a session or an event: their names in the engine, and their rows as the engine takes them."""

from collections.abc import Sequence

from asyncpg import Record

from holds.models import Inventory
from service.ids import Entity
from service.moments import to_milliseconds
from service.postgres import Connection, Postgres

_KINDS = (Entity.SESSION, Entity.EVENT)


def pool_of_session(number: int) -> str:
    """The pool that sells a session's seats."""
    return Entity.SESSION.public(number)


def pool_of_event(number: int) -> str:
    """The pool that sells an event's tickets, by its number in the inventory."""
    return Entity.EVENT.public(number)


def number_of(pool: str) -> int | None:
    """The number of a pool's inventory row; None for a name that no pool has."""
    return next((number for kind in _KINDS if (number := kind.number(pool)) is not None), None)


def as_inventory(row: Record) -> Inventory:
    """The inventory row in `row`, which may have more columns.

    A session's may lack `line_version`, an event's, or that of a session whose seats are counted, `seat_plan_id` and
    `sold_seats`: a bit for each cell, as text.
    """
    plan = row.get("seat_plan_id")
    return Inventory(
        row["capacity"],
        row["sold"],
        to_milliseconds(row["sales_end"]),
        row["version"],
        row.get("line_version", 0),
        "" if plan is None else str(plan),
        "" if plan is None else row["sold_seats"],
    )


async def load_inventory(postgres: Postgres, pool: str) -> Inventory | None:
    """What the engine loads a pool from; None when there is no such session or event."""
    number = number_of(pool)
    if number is None:
        return None
    async with postgres.acquire() as connection:
        row = await connection.fetchrow(
            """
            SELECT capacity, sold, sales_end, version, line_version, seat_plan_id, sold_seats::text
            FROM inventory WHERE id = $1
            """,
            number,
        )
    return None if row is None else as_inventory(row)


async def lock_inventory(connection: Connection, numbers: Sequence[int]) -> list[Record]:
    """The inventory rows of pools, locked in the order of their ids, so that sellers never deadlock."""
    return await connection.fetch(
        """
        SELECT id, capacity, sold, sales_end, version, line_version, seat_plan_id, sold_seats::text
        FROM inventory WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE
        """,
        numbers,
    )


async def locked_inventory(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """Which of the pools have a row that somebody else has locked at this moment, or none at all."""
    rows = await connection.fetch(
        "SELECT id FROM inventory WHERE id = ANY($1::bigint[]) FOR UPDATE SKIP LOCKED", numbers
    )
    return set(numbers) - {row["id"] for row in rows}
