"""Administrators who would all go at once: one stays."""

import asyncio

from service.postgres import Postgres
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import PASSWORD, Factory


async def test_admins_who_demote_each_other_at_once(client: Client, factory: Factory, postgres: Postgres) -> None:
    """Failed without the lock in `keep_an_admin`, as `tests/migrations/test_last_admin.py` does every time."""
    for _ in range(10):
        one, two = await factory.user("admin"), await factory.user("admin")
        answers = await asyncio.gather(
            Caller(client, one).patch(f"/v1/admin/users/{two.public_id}", {"role": "customer"}),
            Caller(client, two).patch(f"/v1/admin/users/{one.public_id}", {"role": "customer"}),
        )
        refused = [answer for answer in answers if answer.status != 200]
        assert len(refused) == 1
        assert refused[0].refusal in {(409, "last_admin"), (403, "forbidden")}
        assert await demote_all(postgres) == 1


async def test_admins_who_erase_themselves_at_once(client: Client, factory: Factory, postgres: Postgres) -> None:
    """Failed likewise."""
    for _ in range(5):
        accounts = [await factory.user("admin") for _ in range(3)]
        callers = [Caller(client, account) for account in accounts]
        answers = await asyncio.gather(
            *(caller.call("DELETE", "/v1/me", json={"password": PASSWORD}) for caller in callers)
        )
        [refused] = [answer for answer in answers if answer.status != 204]
        assert refused.refusal == (409, "last_admin")
        assert await demote_all(postgres) == 1


async def demote_all(postgres: Postgres) -> int:
    """How many administrators there were. The next turn begins without."""
    async with postgres.transaction() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")
        rows = await connection.fetch("UPDATE users SET role = 'customer' WHERE role = 'admin' RETURNING id")
    return len(rows)
