"""Which sessions are grabbed."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from grab import queries
from grab.api import Api
from grab.database import Database
from grab.errors import GrabError
from service.ids import Entity
from service.moments import format_timestamp

LOOKED_AT = 60
"""How many sessions are looked at where the API alone must tell which one is the fullest."""
LEAST_FREE = 0.2


@dataclass(frozen=True, slots=True)
class Shown:
    """A session as the API shows it."""

    id: str
    title: str
    place: str
    starts_at: str
    capacity: int
    available: int

    @property
    def number(self) -> int:
        return Entity.SESSION.number(self.id) or 0


async def show(api: Api, session_id: str) -> Shown:
    """The session now. Raises `GrabError`."""
    session = (await api.get(f"/v1/sessions/{quote(session_id, safe='')}"))["session"]
    names = session["movie"]["title"], session["place"]["name"]
    return Shown(session["id"], *names, session["starts_at"], session["capacity"], session["available"])


async def chosen(api: Api, database: Database | None, named: Sequence[str], count: int) -> list[Shown]:
    """The sessions that are named, or the fullest `count` coming ones that have a fifth of their seats left.

    Raises `GrabError` when there are none.
    """
    if named:
        return [await show(api, session_id) for session_id in dict.fromkeys(named)]
    if database is not None:
        async with database.postgres.acquire() as connection:
            numbers = await queries.fullest_sessions(connection, count)
        found = [await show(api, Entity.SESSION.public(number)) for number in numbers]
    else:
        looked_at = [session async for session in _coming(api)]
        found = [session for session in looked_at if session.available >= session.capacity * LEAST_FREE > 0]
        found = sorted(found, key=lambda session: session.available / session.capacity)[:count]
    if not found:
        raise GrabError("No coming session has seats left: name one with --session.")
    return found


async def _coming(api: Api) -> AsyncIterator[Shown]:
    """Coming sessions of the movies that are airing or will be, `LOOKED_AT` at most."""
    looked_at, now = 0, quote(format_timestamp(datetime.now(UTC)))
    for airing in ("now", "upcoming"):
        for movie in (await api.get(f"/v1/movies?airing={airing}&limit=10"))["movies"]:
            for place in (await api.get(f"/v1/movies/{movie['id']}/places?limit=5"))["places"]:
                path = f"/v1/movies/{movie['id']}/places/{place['id']}/sessions?limit=3&from={now}"
                for session in (await api.get(path))["sessions"]:
                    yield await show(api, session["id"])
                    looked_at += 1
                    if looked_at == LOOKED_AT:
                        return
