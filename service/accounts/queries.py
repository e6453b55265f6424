"""SQL about users and their tokens. An erased user is as good as none."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from asyncpg import Record

from service.postgres import Connection

DELETION_SECONDS = 10.0
"""How long it may take to delete rows that are a user's, however many there are."""


async def insert_user(
    connection: Connection, user_id: int, email: str, password_hash: str, name: str | None
) -> datetime:
    """When the new user was created. Raises `UniqueViolationError` (users_email_key) when the address is taken."""
    created_at: datetime = await connection.fetchval(
        "INSERT INTO users (id, email, password_hash, name) VALUES ($1, $2, $3, $4) RETURNING created_at",
        user_id,
        email,
        password_hash,
        name,
    )
    return created_at


async def upsert_admin(connection: Connection, user_id: int, email: str, password_hash: str) -> None:
    """Insert an admin, or promote the user who has the address."""
    await connection.execute(
        """
        INSERT INTO users (id, email, password_hash, role) VALUES ($1, $2, $3, 'admin')
        ON CONFLICT (email) DO UPDATE SET role = 'admin'
        """,
        user_id,
        email,
        password_hash,
    )


async def promote(connection: Connection, email: str) -> bool:
    """Make the user with this address an admin; False when there is none."""
    return bool(await connection.fetchval("UPDATE users SET role = 'admin' WHERE email = $1 RETURNING true", email))


async def user_by_email(connection: Connection, email: str) -> Record | None:
    """What signing in needs to know of the user with this address, whatever its case."""
    return await connection.fetchrow(
        "SELECT id, password_hash, role, token_generation FROM users WHERE email = $1", email
    )


async def user(connection: Connection, user_id: int) -> Record | None:
    """What a user may see of the own account."""
    return await connection.fetchrow(
        """
        SELECT id, email, name, date_of_birth, role, created_at FROM users
        WHERE id = $1 AND erased_at IS NULL
        """,
        user_id,
    )


async def password_hash(connection: Connection, user_id: int) -> str | None:
    """The hash of a user's password; None when the user was erased or never was."""
    found: str | None = await connection.fetchval("SELECT password_hash FROM users WHERE id = $1", user_id)
    return found


async def role_of(connection: Connection, user_id: int) -> str | None:
    """A user's role at this moment; None when the user was erased or never was."""
    role: str | None = await connection.fetchval("SELECT role FROM users WHERE id = $1 AND erased_at IS NULL", user_id)
    return role


async def change_user(
    connection: Connection,
    user_id: int,
    fields: Sequence[str],
    name: str | None,
    date_of_birth: date | None,
) -> Record | None:
    """Set those of `name` and `date_of_birth` that `fields` names; the account as it is then, None when erased."""
    return await connection.fetchrow(
        """
        UPDATE users SET name = CASE WHEN 'name' = ANY($2::text[]) THEN $3 ELSE name END,
            date_of_birth = CASE WHEN 'date_of_birth' = ANY($2::text[]) THEN $4 ELSE date_of_birth END
        WHERE id = $1 AND erased_at IS NULL
        RETURNING id, email, name, date_of_birth, role, created_at
        """,
        user_id,
        fields,
        name,
        date_of_birth,
    )


async def replace_hash(connection: Connection, user_id: int, old: str, new: str) -> None:
    """Store another hash of the same password, unless the password has changed meanwhile."""
    await connection.execute(
        "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", user_id, old, new
    )


async def change_password(connection: Connection, user_id: int, old: str, new: str) -> int | None:
    """Replace the hash and begin a token generation; its number, or None when `old` is not the hash any more."""
    generation: int | None = await connection.fetchval(
        """
        UPDATE users SET password_hash = $3, token_generation = token_generation + 1
        WHERE id = $1 AND password_hash = $2
        RETURNING token_generation
        """,
        user_id,
        old,
        new,
    )
    return generation


async def erase_user(connection: Connection, user_id: int, old: str) -> int | None:
    """Remove what names the user and begin a token generation; as `change_password` otherwise."""
    generation: int | None = await connection.fetchval(
        """
        UPDATE users SET email = NULL, name = NULL, date_of_birth = NULL, password_hash = NULL, erased_at = now(),
            role = 'customer', token_generation = token_generation + 1
        WHERE id = $1 AND password_hash = $2
        RETURNING token_generation
        """,
        user_id,
        old,
    )
    return generation


async def unlink_visits(connection: Connection, user_id: int) -> None:
    """Keep the user's page visits as nobody's."""
    await connection.execute("UPDATE page_visits SET user_id = NULL WHERE user_id = $1", user_id)


async def lock_saved_movies(connection: Connection, user_id: int) -> None:
    """Keep what the user saved from being deleted, offered or withdrawn anywhere before the commit.

    In the order of ids, as others lock movies. Whoever deletes saves locks their movies first.
    """
    await connection.execute(
        """
        SELECT FROM movies WHERE id IN (SELECT movie_id FROM saved_movies WHERE user_id = $1) ORDER BY id
        FOR NO KEY UPDATE
        """,
        user_id,
    )


async def delete_saved_movies(connection: Connection, user_id: int) -> None:
    """Forget what the user saved. Ten thousand movies in forty countries take a second."""
    await connection.execute("DELETE FROM saved_movies WHERE user_id = $1", user_id, timeout=DELETION_SECONDS)


async def upsert_reset(connection: Connection, token_hash: bytes, user_id: int, lifetime: timedelta) -> str | None:
    """Have a token replace the user's password from now on, unless it was used; the user's address.

    None when the token was used, or the user erased.
    """
    email: str | None = await connection.fetchval(
        """
        WITH usable AS (
            INSERT INTO password_resets AS reset (token_hash, user_id, expires_at)
            SELECT $1, id, now() + $3::interval FROM users WHERE id = $2 AND erased_at IS NULL
            ON CONFLICT (token_hash) DO UPDATE SET expires_at = EXCLUDED.expires_at WHERE reset.used_at IS NULL
            RETURNING user_id
        )
        SELECT email FROM users JOIN usable ON users.id = user_id
        """,
        token_hash,
        user_id,
        lifetime,
    )
    return email


async def user_of_reset(connection: Connection, token_hash: bytes) -> int | None:
    """Whose password a token may replace at this moment."""
    user_id: int | None = await connection.fetchval(
        """
        SELECT user_id FROM password_resets JOIN users ON users.id = user_id
        WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now() AND erased_at IS NULL
        """,
        token_hash,
    )
    return user_id


async def lock_user(connection: Connection, user_id: int) -> None:
    """Keep the user as it is until the commit."""
    await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)


async def use_reset(connection: Connection, user_id: int, token_hash: bytes) -> bool:
    """Whether the token is good for the locked user, whose every token is used from now on."""
    used: bool = await connection.fetchval(
        """
        WITH used AS (
            UPDATE password_resets SET used_at = now() WHERE user_id = $1 AND used_at IS NULL
            RETURNING token_hash, expires_at
        )
        SELECT EXISTS (SELECT FROM used WHERE token_hash = $2 AND expires_at > now())
        """,
        user_id,
        token_hash,
    )
    return used


async def end_resets(connection: Connection, user_id: int) -> None:
    """End the tokens that were sent to a user whose password is another one now; the user is locked."""
    await connection.execute(
        "UPDATE password_resets SET used_at = now() WHERE user_id = $1 AND used_at IS NULL", user_id
    )


async def replace_forgotten(connection: Connection, user_id: int, new: str) -> int:
    """Replace the hash of a locked user and begin a token generation; its number."""
    generation: int = await connection.fetchval(
        """
        UPDATE users SET password_hash = $2, token_generation = token_generation + 1 WHERE id = $1
        RETURNING token_generation
        """,
        user_id,
        new,
    )
    return generation


async def delete_resets(connection: Connection, over_for: timedelta) -> None:
    """Forget the tokens for new passwords that have been over for so long."""
    await connection.execute(
        "DELETE FROM password_resets WHERE expires_at < now() - $1::interval", over_for, timeout=DELETION_SECONDS
    )


async def delete_revocations(connection: Connection, older_than: timedelta) -> None:
    """Forget revocations that are older than any token may be."""
    await connection.execute(
        "DELETE FROM token_revocations WHERE revoked_at < now() - $1::interval", older_than, timeout=DELETION_SECONDS
    )


async def insert_ended_token(connection: Connection, user_id: int, token_id: UUID) -> None:
    """Record that one token ended; nothing when its user is not in this database."""
    await connection.execute(
        "INSERT INTO token_revocations (jti, user_id) SELECT $2, id FROM users WHERE id = $1", user_id, token_id
    )


async def insert_ended_generation(connection: Connection, user_id: int, generation: int, spared: UUID | None) -> None:
    """Record that the user's tokens of lower generations ended, but for the one that is spared."""
    await connection.execute(
        "INSERT INTO token_revocations (user_id, generation, spared_jti) VALUES ($1, $2, $3)",
        user_id,
        generation,
        spared,
    )


async def revocations_since(connection: Connection, moment: datetime) -> list[Record]:
    """What was ended at `moment` or later, by the clock of Postgres, in the order of time."""
    return await connection.fetch(
        """
        SELECT jti, user_id, generation, spared_jti, revoked_at FROM token_revocations
        WHERE revoked_at >= $1 ORDER BY revoked_at
        """,
        moment,
    )
