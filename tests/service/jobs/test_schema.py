"""The migration's tables are those that the installed pgqueuer expects."""

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries


async def test_only_the_notifying_trigger_is_left_out(postgres_url: str) -> None:
    """Compared by pgqueuer itself: what it would add or change by an upgrade."""
    connection = await asyncpg.connect(postgres_url)
    try:
        plan = await Queries(AsyncpgDriver(connection)).plan_upgrade()
    finally:
        await connection.close()
    function, trigger = plan.statements
    assert function.startswith("CREATE FUNCTION fn_pgqueuer_changed")
    assert trigger.startswith("CREATE TRIGGER tg_pgqueuer_changed")
    assert plan.notes == ()
