"""The SQL that reads seat plans."""

from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg import Record

from service.postgres import Connection


async def read_plan(connection: Connection, plan_id: int) -> Mapping[str, Any] | None:
    """The plan of that id."""
    plan: Mapping[str, Any] | None = await connection.fetchval("SELECT plan FROM seat_plans WHERE id = $1", plan_id)
    return plan


async def read_plans(connection: Connection, plan_ids: Sequence[int]) -> list[Record]:
    """Those of the plans that there are, each with its id."""
    return await connection.fetch("SELECT id, plan FROM seat_plans WHERE id = ANY($1::bigint[])", plan_ids)
