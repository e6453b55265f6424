"""The SQL that reads seat plans."""

from collections.abc import Mapping
from typing import Any

from service.postgres import Connection


async def read_plan(connection: Connection, plan_id: int) -> Mapping[str, Any] | None:
    """The plan of that id."""
    plan: Mapping[str, Any] | None = await connection.fetchval("SELECT plan FROM seat_plans WHERE id = $1", plan_id)
    return plan
