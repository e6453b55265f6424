"""SQL about page visits."""

from collections.abc import Sequence
from typing import Any

from service.postgres import Connection


async def insert_visits(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert visits, each `(id, tracking_id, type, scheme, path, query, user_id or None)`, in one statement.

    A visit of a user who was erased becomes nobody's. The users are locked against being erased at the same time:
    erasing could not unlink rows that it cannot see yet.
    """
    await connection.execute(
        """
        WITH visits AS (
            SELECT id, tracking_id, type, scheme, path, query, user_id
            FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::bigint[])
                AS visit (id, tracking_id, type, scheme, path, query, user_id)
        ), known AS (
            SELECT id FROM users
            WHERE id IN (SELECT user_id FROM visits) AND erased_at IS NULL
            FOR KEY SHARE
        )
        INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, user_id)
        SELECT visits.id, tracking_id, type, scheme, path, query, known.id
        FROM visits LEFT JOIN known ON known.id = visits.user_id
        """,
        *zip(*rows, strict=True),
    )
