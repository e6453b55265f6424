"""What is shown on a day."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from asyncpg import Record

from service.catalogue.movies import FIRST_PAGE
from service.catalogue.schemas import MovieTitle, PlaceName
from service.errors import INVALID_CURSOR, ApiError
from service.http.cursors import Key
from service.http.endpoint import Call
from service.inventory import pool_of_session
from service.resources import Resources
from service.showtimes import queries
from service.showtimes.schemas import Showtime, ShowtimeList, ShowtimeQuery

LISTING = "showtimes"


async def list_showtimes(call: Call[None, ShowtimeQuery]) -> ShowtimeList:
    """List a day's showtimes

    All sessions of the `date` but cancelled ones, by their start; without a `date`, of today. Filters: `place`,
    `movie`, `genre`. `available` counts the seats that are neither sold nor held at this moment.
    """
    resources, query = call.resources, call.query
    day, after = _start(resources, query)
    async with resources.postgres.acquire() as connection:
        rows = await queries.page_of_showtimes(connection, day, query, after)
    shown, metadata = resources.cursors.cut(
        LISTING, query, rows, lambda row: (day.isoformat(), row["position"], row["id"])
    )
    available = await _available(resources, [row["id"] for row in shown])
    showtimes = [_showtime(row, available.get(row["id"], 0)) for row in shown]
    return ShowtimeList(showtimes=showtimes, metadata=metadata)


def _start(resources: Resources, query: ShowtimeQuery) -> tuple[date, Sequence[Key]]:
    """The day, and the keys after which the page begins. A walk stays on its day when that is over."""
    keys = resources.cursors.after(LISTING, query)
    if keys is None:
        today = datetime.now(ZoneInfo(resources.settings.home_timezone)).date()
        return query.date or today, FIRST_PAGE
    day = date.fromisoformat(keys[0])
    if query.date not in (None, day):
        raise ApiError(INVALID_CURSOR)
    return day, keys[1:]


async def _available(resources: Resources, session_ids: Sequence[int]) -> dict[int, int]:
    """The free seats of sessions, with one round trip to Redis and one to Postgres.

    Redis first: seats that are sold meanwhile count twice for a moment, never not at all.
    """
    if not session_ids:
        return {}
    held = await resources.engine.held([pool_of_session(number) for number in session_ids])
    async with resources.postgres.acquire() as connection:
        unsold = await queries.unsold(connection, session_ids)
    counts = zip(session_ids, held, strict=True)
    return {number: max(0, unsold[number] - count) for number, count in counts if number in unsold}


def _showtime(row: Record, available: int) -> Showtime:
    return Showtime(
        id=row["id"],
        movie=MovieTitle(id=row["movie_id"], title=row["movie_title"]),
        place=PlaceName(id=row["place_id"], name=row["place_name"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        price=row["price"],
        currency=row["currency"],
        available=available,
    )
