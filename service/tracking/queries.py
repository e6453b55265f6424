"""SQL about page visits."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import orjson

from service.postgres import Connection


async def delete_visits(connection: Connection, older_than: timedelta, limit: int) -> int:
    """Delete some of the visits that are older; how many that were."""
    deleted: int = await connection.fetchval(
        """
        WITH deleted AS (
            DELETE FROM page_visits
            WHERE id IN (SELECT id FROM page_visits WHERE received_at < now() - $1::interval LIMIT $2)
            RETURNING id
        )
        SELECT count(*) FROM deleted
        """,
        older_than,
        limit,
    )
    return deleted


async def insert_visits(connection: Connection, visits: Sequence[Mapping[str, object]]) -> None:
    """Insert visits, each with all the columns but the time that it came, in one statement.

    A visit of a user who was erased becomes nobody's. The users are locked against being erased at the same time:
    erasing could not unlink rows that it cannot see yet. They travel as one JSON text, which costs the sender
    less than an array for each column.
    """
    await connection.execute(
        """
        WITH visits AS (
            SELECT id, tracking_id, type, scheme, path, query, user_id
            FROM json_to_recordset($1::text::json) AS visit (
                id bigint, tracking_id text, type text, scheme text, path text, query jsonb, user_id bigint
            )
        ), known AS (
            SELECT id FROM users
            WHERE id IN (SELECT user_id FROM visits) AND erased_at IS NULL
            FOR KEY SHARE
        )
        INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, user_id)
        SELECT visits.id, tracking_id, type, scheme, path, query, known.id
        FROM visits LEFT JOIN known ON known.id = visits.user_id
        """,
        orjson.dumps(visits).decode(),
    )
