"""Deleting sessions, whether for their own sake or with their movie or place."""

from collections.abc import Sequence

from asyncpg import Record

from service.backoffice.sessions import queries
from service.errors import HAS_BOOKINGS, ApiError
from service.inventory import lock_inventory
from service.postgres import Connection


async def remove_sessions(connection: Connection, session_ids: Sequence[int]) -> Sequence[Record]:
    """Delete sessions with the bookings that were given up; returns their inventory rows, for `drop_pools` after the
    commit.

    Raises `ApiError` when one has a booking that was ever confirmed: what was sold and refunded is on record, and its
    customer may still have to be told. Their inventory is locked first, so that a sale either is seen here or finds
    nothing to sell.
    """
    rows = await lock_inventory(connection, session_ids)
    if await queries.any_ever_confirmed(connection, session_ids):
        raise ApiError(HAS_BOOKINGS)
    await queries.delete_sessions(connection, session_ids)
    await queries.delete_inventory(connection, session_ids)
    return rows
