"""The SQL of users as administrators see and change them. An erased user is as good as none."""

from collections.abc import Sequence

from asyncpg import Record

from service.backoffice.users.schemas import UserQuery
from service.backoffice.users.statements import COLUMNS, NEAREST_WITH_WORDS, PAGES, WITH_WORDS
from service.postgres import Connection


async def page_of_users(connection: Connection, query: UserQuery, before: int | None) -> Sequence[Record]:
    """One user more than the page has, the newest first, with ids below `before`."""
    has_role, arguments = query.role is not None, (before, query.limit + 1, query.role, query.q)
    if query.q is None:
        return await connection.fetch(PAGES[has_role], *arguments)
    rows = await connection.fetch(NEAREST_WITH_WORDS[has_role], *arguments)
    if len(rows) <= query.limit:
        rows = await connection.fetch(WITH_WORDS[has_role], *arguments)
    return rows


async def user(connection: Connection, user_id: int) -> Record | None:
    """A user with the places assigned to the account."""
    return await connection.fetchrow(
        f"SELECT {COLUMNS} FROM users WHERE id = $1 AND erased_at IS NULL",  # noqa: S608  # a constant
        user_id,
    )


async def lock_user(connection: Connection, user_id: int) -> str | None:
    """The user's role, which nobody else changes before the commit; nor the places. None when there is no such user."""
    role: str | None = await connection.fetchval(
        "SELECT role FROM users WHERE id = $1 AND erased_at IS NULL FOR NO KEY UPDATE", user_id
    )
    return role


async def set_role(connection: Connection, user_id: int, role: str) -> None:
    """The constraint `users_keep_an_admin` may refuse."""
    await connection.execute("UPDATE users SET role = $2 WHERE id = $1", user_id, role)


async def unassign_places(connection: Connection, user_id: int, kept: Sequence[int]) -> None:
    """Take all places from the user but for those kept."""
    await connection.execute(
        "DELETE FROM manager_places WHERE user_id = $1 AND place_id <> ALL($2::bigint[])", user_id, kept
    )


async def assign_places(connection: Connection, user_id: int, place_ids: Sequence[int]) -> None:
    """The constraint `manager_places_place_id_fkey` refuses places that there are not."""
    await connection.execute(
        """
        INSERT INTO manager_places (user_id, place_id) SELECT $1, unnest($2::bigint[])
        ON CONFLICT (user_id, place_id) DO NOTHING
        """,
        user_id,
        place_ids,
    )
