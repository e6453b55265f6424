"""Administrators give roles and places."""

from functools import partial

from service.backoffice.transactions import commit
from service.backoffice.users import changes, queries
from service.backoffice.users.schemas import StaffUser, StaffUserAnswer, StaffUserList, UserChange, UserQuery
from service.http.endpoint import Call


async def list_users(call: Call[None, UserQuery]) -> StaffUserList:
    """List users

    The newest account first. Filters: `role`; `q`, whose every word must begin a word of the e-mail address or the
    name, blind to accents and case.
    """
    cursors, query, listing = call.resources.cursors, call.query, "admin/users"
    [before] = cursors.after(listing, query) or [None]
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.page_of_users(connection, query, before)
    shown, metadata = cursors.cut(listing, query, rows, lambda row: (row["id"],))
    return StaffUserList(users=[StaffUser.of(row) for row in shown], metadata=metadata)


async def get_user(call: Call[None, None]) -> StaffUserAnswer:
    """Get a user"""
    async with call.resources.postgres.acquire() as connection:
        return StaffUserAnswer(user=StaffUser.of(await changes.the_user(connection, call.ids["user_id"])))


async def change_user(call: Call[UserChange, None]) -> StaffUserAnswer:
    """Change a user's role and places

    What is left out stays. `places` are all that a manager schedules; who is no manager any more loses them. The change
    takes effect at once on tokens issued before. The last administrator keeps the role.
    """
    work = partial(changes.change, user_id=call.ids["user_id"], given=call.body.given)
    return StaffUserAnswer(user=StaffUser.of(await commit(call.resources.postgres, work)))
