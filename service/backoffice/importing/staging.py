"""Rows on their way into the catalogue: copied in batches into temporary tables, which end with their connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson

from service.backoffice.importing import queries
from service.backoffice.importing.queries import STAGED
from service.backoffice.importing.rows import CatalogueRow, MovieRow, PlaceRow, SessionRow
from service.errors import IMPORT_IN_PROGRESS, ApiError
from service.ids import Entity, SnowflakeGenerator
from service.postgres import CONNECT_SECONDS, Connection

ADVISORY_LOCK = 7_120_394_611_808_257_301
"""Held by whoever imports: two files with one movie would both find that there is no such movie yet."""
BATCH_ROWS = 5_000
BATCH_BYTES = 4 * 1024 * 1024


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator["Connection"]:
    """A connection with empty staging tables, which nobody else who imports has meanwhile.

    It is not one of the pool's: its commands may take long, and what it leaves behind goes when it is closed. Raises
    `ApiError` when somebody else is importing, and what `Postgres` raises.
    """
    connection = await asyncpg.connect(database_url, timeout=CONNECT_SECONDS)
    try:
        if not await queries.try_lock(connection, ADVISORY_LOCK):
            raise ApiError(IMPORT_IN_PROGRESS)
        await queries.create_staging(connection)
        yield connection
    finally:
        connection.terminate()  # whatever it is in the middle of


class Staging:
    """Writes rows that are right by themselves to the staging tables, with the numbers that they will have."""

    def __init__(self, connection: Connection, ids: SnowflakeGenerator) -> None:
        self._connection = connection
        self._ids = ids
        self._waiting: dict[str, list[tuple[object, ...]]] = {table: [] for table in STAGED}
        self._rows = self._bytes = 0

    async def add(self, line: int, row: CatalogueRow, size: int) -> None:
        """Stage a row of so many bytes. Raises `NoNode`, and what `Postgres` raises."""
        table, values = _staged(row, self._ids)
        self._waiting[table].append((line, self._ids.next(), *values))
        self._rows += 1
        self._bytes += size
        if self._rows >= BATCH_ROWS or self._bytes >= BATCH_BYTES:
            await self.flush()

    async def flush(self) -> None:
        """Copy what waits."""
        for table, records in self._waiting.items():
            if records:
                await self._connection.copy_records_to_table(table, records=records, columns=STAGED[table])
                records.clear()
        self._rows = self._bytes = 0


def _staged(row: CatalogueRow, ids: SnowflakeGenerator) -> tuple[str, tuple[object, ...]]:
    """The table of the row, and its values there behind line and id."""
    match row:
        case MovieRow():
            return "staged_movies", (row.title, row.description, row.poster, row.duration, row.year)
        case PlaceRow():
            return "staged_places", (row.name, row.address, row.seats, row.timezone, *_plan(row, ids))
        case SessionRow():
            movie_id, place_id = Entity.MOVIE.number(row.movie), Entity.PLACE.number(row.place)
            named = (row.movie, row.movie_year or 0, movie_id, row.place, place_id)
            return "staged_sessions", (*named, row.starts_at, row.price, row.currency)


def _plan(row: PlaceRow, ids: SnowflakeGenerator) -> tuple[int, str] | tuple[None, None]:
    """The number and the JSON of a place's seat plan."""
    return (None, None) if row.seat_plan is None else (ids.next(), orjson.dumps(row.seat_plan.stored).decode())
