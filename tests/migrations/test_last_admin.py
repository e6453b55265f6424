"""Where there has been an administrator, there is one."""

import asyncpg
import pytest

from service.postgres import Connection

from .rows import add_user, overlap, without

DEMOTE = "UPDATE users SET role = 'customer' WHERE id = $1"
ERASE = "UPDATE users SET role = 'customer', email = NULL, erased_at = now() WHERE id = $1"


async def add_admin(connection: Connection) -> int:
    user = await add_user(connection)
    await connection.execute("UPDATE users SET role = 'admin' WHERE id = $1", user)
    return user


async def admins(connection: Connection) -> int:
    found: int = await connection.fetchval("SELECT count(*) FROM users WHERE role = 'admin'")
    return found


@pytest.mark.parametrize("statement", [DEMOTE, ERASE])
async def test_the_last_one_stays(connection: Connection, statement: str) -> None:
    first, last = await add_admin(connection), await add_admin(connection)
    await connection.execute(statement, first)
    with pytest.raises(asyncpg.RestrictViolationError) as refusal:
        await connection.execute(statement, last)
    assert refusal.value.constraint_name == "users_keep_an_admin"
    assert await admins(connection) == 1


@pytest.mark.parametrize("second", [DEMOTE, ERASE])
async def test_one_of_two_that_lose_the_role_at_once_keeps_it(
    connection: Connection, rival: Connection, second: str
) -> None:
    one, two = await add_admin(connection), await add_admin(connection)
    with pytest.raises(asyncpg.RestrictViolationError):
        await overlap(connection, connection.execute(DEMOTE, one), rival, rival.execute(second, two))
    assert await admins(connection) == 1


async def test_without_the_lock_both_would_lose_it(connection: Connection, rival: Connection) -> None:
    """The lock is what `test_one_of_two_that_lose_the_role_at_once_keeps_it` fails without."""
    await without(connection, "pg_advisory_xact_lock", "keep_an_admin")
    one, two = await add_admin(connection), await add_admin(connection)
    await overlap(connection, connection.execute(DEMOTE, one), rival, rival.execute(DEMOTE, two))
    assert await admins(connection) == 0
