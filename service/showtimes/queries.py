"""The SQL of the programme."""

from collections.abc import Sequence
from datetime import date

from asyncpg import Record

from service.http.cursors import Key
from service.postgres import Connection
from service.showtimes.schemas import ShowtimeQuery
from service.showtimes.statements import SHOWTIMES


async def page_of_showtimes(
    connection: Connection, day: date, query: ShowtimeQuery, after: Sequence[Key]
) -> Sequence[Record]:
    """One session of the day more than the page has, by start and id, after (`position`, id)."""
    statement = SHOWTIMES[query.place is not None, query.movie is not None, query.genre is not None]
    return await connection.fetch(statement, day, *after, query.limit + 1, query.place, query.movie, query.genre)


async def unsold(connection: Connection, session_ids: Sequence[int]) -> dict[int, int]:
    """The seats of each session that are not sold at this moment."""
    rows = await connection.fetch("SELECT id, capacity - sold AS unsold FROM inventory WHERE id = ANY($1)", session_ids)
    return {row["id"]: row["unsold"] for row in rows}
