"""The SQL of idempotency keys."""

from datetime import timedelta

from service.postgres import Connection


async def insert(connection: Connection, user_id: int, digest: str, fingerprint: str) -> bool:
    """Write down that the user's key is used; False when it was before."""
    return bool(
        await connection.fetchval(
            """
            INSERT INTO idempotency_keys (user_id, digest, fingerprint) VALUES ($1, $2, $3)
            ON CONFLICT (user_id, digest) DO NOTHING RETURNING true
            """,
            user_id,
            digest,
            fingerprint,
        )
    )


async def fingerprint(connection: Connection, user_id: int, digest: str) -> str | None:
    """The request that the user's key was used for; None when there is no such key."""
    found: str | None = await connection.fetchval(
        "SELECT fingerprint FROM idempotency_keys WHERE user_id = $1 AND digest = $2", user_id, digest
    )
    return found


async def delete(connection: Connection, older_than: timedelta, limit: int) -> int:
    """Forget some of the keys that were used so long ago; how many that were."""
    deleted: int = await connection.fetchval(
        """
        WITH deleted AS (
            DELETE FROM idempotency_keys WHERE (user_id, digest) IN (
                SELECT user_id, digest FROM idempotency_keys WHERE used_at < now() - $1::interval LIMIT $2
            )
            RETURNING 1
        )
        SELECT count(*) FROM deleted
        """,
        older_than,
        limit,
    )
    return deleted
