"""Staff keep the schedule."""

from functools import partial

from service.backoffice.sessions import changes
from service.backoffice.sessions.schemas import (
    NewSession,
    SessionChange,
    StaffSession,
    StaffSessionAnswer,
    StaffSessionList,
    StaffSessionQuery,
)
from service.backoffice.transactions import commit
from service.catalogue.queries import page_of_sessions
from service.http.endpoint import Call
from service.inventory import pool_of_session
from service.registers import close_pools, drop_pools, write_registers


async def create_session(call: Call[NewSession, None]) -> StaffSessionAnswer:
    """Schedule a session

    It sells the seats that the place has now: by its seat plan, where it has one. From its start to 15 minutes after
    its movie's end it has the place to itself. Managers schedule the places assigned to them.
    """
    resources = call.resources
    work = partial(changes.create, session_id=resources.ids.next(), staff=call.user, new=call.body)
    return StaffSessionAnswer(session=StaffSession.of(await commit(resources.postgres, work)))


async def list_sessions(call: Call[None, StaffSessionQuery]) -> StaffSessionList:
    """List sessions for staff

    The last one made first, of one `movie` and at one `place` where given. Managers see those of their places.
    """
    cursors, query, listing = call.resources.cursors, call.query, "admin/sessions"
    [before] = cursors.after(listing, query) or [None]
    async with call.resources.postgres.acquire() as connection:
        rows = await page_of_sessions(
            connection,
            before,
            query.limit + 1,
            movie_id=query.movie,
            place_id=query.place,
            manager_id=None if call.user.role == "admin" else call.user.user_id,
        )
    shown, metadata = cursors.cut(listing, query, rows, lambda row: (row["id"],))
    return StaffSessionList(sessions=[StaffSession.of(row) for row in shown], metadata=metadata)


async def get_session(call: Call[None, None]) -> StaffSessionAnswer:
    """Get a session for staff"""
    async with call.resources.postgres.acquire() as connection:
        row = await changes.visible_session(connection, call.ids["session_id"], call.user)
    return StaffSessionAnswer(session=StaffSession.of(row))


async def change_session(call: Call[SessionChange, None]) -> StaffSessionAnswer:
    """Change a session

    Fields left out stay. With confirmed bookings only the price and the currency of later bookings may change; a
    cancelled session does not change at all. A session that moves to another place sells that one's seats, by its seat
    plan or by none. At another time it keeps its plan; without one, it takes over the capacity of the place.
    """
    resources = call.resources
    work = partial(changes.change, session_id=call.ids["session_id"], staff=call.user, given=call.body.given)
    session, rows = await commit(resources.postgres, work)
    await write_registers(resources.engine, pool_of_session, rows)
    return StaffSessionAnswer(session=StaffSession.of(session))


async def cancel_session(call: Call[None, None]) -> StaffSessionAnswer:
    """Cancel a session

    It sells nothing any more, and its place is free for another one. Confirmed bookings are cancelled, and their
    customers told by e-mail; open ones end at once.
    """
    resources = call.resources
    work = partial(changes.cancel, session_id=call.ids["session_id"], staff=call.user)
    session, rows = await commit(resources.postgres, work)
    await close_pools(resources.engine, pool_of_session, rows)
    return StaffSessionAnswer(session=StaffSession.of(session))


async def delete_session(call: Call[None, None]) -> None:
    """Delete a session

    Unless it has bookings that were ever confirmed. Its open bookings end at once.
    """
    resources = call.resources
    work = partial(changes.delete, session_id=call.ids["session_id"], staff=call.user)
    await drop_pools(resources.engine, pool_of_session, await commit(resources.postgres, work))
