"""Sessions that are deleted with whatever has lapsed of them."""

import asyncio

from service.postgres import COMMAND_SECONDS, Postgres
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account, Factory


async def test_one_may_take_longer_than_other_statements(
    client: Client, admin: Account, customer: Account, factory: Factory, postgres: Postgres
) -> None:
    """As with hundreds of thousands of lapsed holds, for which a lock stands here: 503 with the usual limit."""
    showing = await factory.session()
    async with postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO lapsed_holds (id, session_id, user_id, seats, opened_at, closes_at, reason)
            VALUES (1, $1, $2, 1, now(), now(), 'lapsed')
            """,
            *(showing.session_id, customer.user_id),
        )
    boss = Caller(client, admin)
    async with postgres.transaction() as connection:
        await connection.execute("SELECT FROM lapsed_holds FOR UPDATE")
        deleting = asyncio.create_task(boss.delete(f"/v1/admin/sessions/{showing.session}"))
        await asyncio.sleep(COMMAND_SECONDS + 0.3)
    assert (await deleting).status == 204
