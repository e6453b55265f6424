"""The inventory row has the last word on a sale, and its version tells every change."""

import asyncpg
import pytest

from service.postgres import Connection

from .rows import add_inventory, interleave

SELL = "UPDATE inventory SET sold = sold + $2 WHERE id = $1"


async def version(connection: Connection, pool: int) -> int:
    number: int = await connection.fetchval("SELECT version FROM inventory WHERE id = $1", pool)
    return number


async def test_version_grows_with_every_update(connection: Connection) -> None:
    pool = await add_inventory(connection)
    assert await version(connection, pool) == 1
    for update in ("sold = sold + 1", "capacity = 50", "sales_end = now()", "sold = sold", "version = 1"):
        before = await version(connection, pool)
        await connection.execute(f"UPDATE inventory SET {update}")  # noqa: S608
        assert await version(connection, pool) == before + 1, update


async def test_the_last_seat_is_sold_and_no_more(connection: Connection) -> None:
    pool = await add_inventory(connection, capacity=10)
    await connection.execute(SELL, pool, 10)
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await connection.execute(SELL, pool, 1)
    assert refusal.value.constraint_name == "inventory_not_oversold"
    assert await version(connection, pool) == 2


async def test_capacity_may_not_fall_below_what_is_sold(connection: Connection) -> None:
    pool = await add_inventory(connection, capacity=10)
    await connection.execute(SELL, pool, 5)
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await connection.execute("UPDATE inventory SET capacity = 4")
    assert refusal.value.constraint_name == "inventory_not_oversold"


async def test_two_sales_of_the_last_seats_at_once(connection: Connection, rival: Connection) -> None:
    pool = await add_inventory(connection, capacity=10)
    first, second = connection.execute(SELL, pool, 6), rival.execute(SELL, pool, 6)
    with pytest.raises(asyncpg.CheckViolationError):
        await interleave(connection, first, rival, second)
    assert await connection.fetchval("SELECT sold FROM inventory") == 6
