"""The SQL of live availability."""

from collections.abc import Sequence

from service.postgres import Connection


async def cancelled(connection: Connection, session_ids: Sequence[int]) -> dict[int, bool]:
    """Whether each of the sessions is cancelled; those that are not there are left out."""
    rows = await connection.fetch(
        "SELECT id, cancelled_at IS NOT NULL AS is_cancelled FROM sessions WHERE id = ANY($1::bigint[])", session_ids
    )
    return {row["id"]: row["is_cancelled"] for row in rows}
