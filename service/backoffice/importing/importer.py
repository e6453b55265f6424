"""An import from its first byte to its commit."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import asyncpg
import structlog

from service.backoffice.importing import checks, queries, staging
from service.backoffice.importing.csv_rows import CsvRows
from service.backoffice.importing.faults import Fault, Faults, ImportRefused
from service.backoffice.importing.json_lines import JsonLines
from service.backoffice.importing.reading import Reader, Row
from service.backoffice.importing.rows import checked
from service.backoffice.importing.staging import Staging
from service.backoffice.transactions import Overtaken
from service.ids import SnowflakeGenerator
from service.postgres import Connection

Format = Literal["csv", "jsonl"]
READERS: dict[Format, Callable[[], Reader]] = {"csv": CsvRows, "jsonl": JsonLines}
ATTEMPTS = 3
LOCK_SECONDS = 10
ROWS_AT_ONCE = 200
"""How many rows are read before others have their turn: some milliseconds."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows of each kind were imported."""

    movies: int
    places: int
    sessions: int


class Import:
    """Takes in a file piece by piece; nothing of it is in the catalogue before `finish` returns."""

    def __init__(self, connection: Connection, ids: SnowflakeGenerator, format_: Format) -> None:
        self._connection = connection
        self._reader = READERS[format_]()
        self._staging = Staging(connection, ids)
        self._faults = Faults()
        self.rows = 0
        """How many rows have been read, faulty ones included."""

    @classmethod
    @asynccontextmanager
    async def opened(cls, database_url: str, ids: SnowflakeGenerator, format_: Format) -> AsyncIterator["Import"]:
        """An import into this database, given up unless it is finished. Raises as `staging.opened`."""
        async with staging.opened(database_url) as connection:
            yield cls(connection, ids, format_)

    async def feed(self, chunk: bytes) -> None:
        """Take in the next piece of the file. Raises `NoNode`, and what `Postgres` raises."""
        await self._take(self._reader.feed(chunk))

    async def finish(self) -> Imported:
        """The file has ended: import it. Raises `ImportRefused`, and what `Postgres` raises."""
        await self._take(self._reader.end())
        if not self.rows:
            self._faults.add([Fault(1, "missing_rows", "The file has no rows.")])
        await self._staging.flush()
        await queries.analyze_staging(self._connection)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._apply()
            except (asyncpg.DeadlockDetectedError, Overtaken):
                if attempt == ATTEMPTS:
                    raise
                log.info("import_retried", attempt=attempt)
        raise AssertionError("unreachable")

    async def _take(self, read: Iterable[Row | Fault]) -> None:
        for row in read:
            self.rows += 1
            if isinstance(row, Fault):
                self._faults.add([row])
            elif isinstance(found := checked(row.line, row.fields), list):
                self._faults.add(found)
            else:
                await self._staging.add(row.line, found, row.size)
            if self.rows % ROWS_AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _apply(self) -> Imported:
        connection = self._connection
        async with connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            await queries.find_movies(connection)
            await queries.find_places(connection)
            await queries.lock_movies(connection)
            await queries.lock_places(connection)
            if await queries.names_have_gone(connection):
                raise Overtaken
            await queries.plan_sessions(connection)
            await self._demand_no_faults()
            movies, places = await queries.insert_movies(connection), await queries.insert_places(connection)
            await queries.insert_inventory(connection)
            return Imported(movies, places, await queries.insert_sessions(connection))

    async def _demand_no_faults(self) -> None:
        """Raises `ImportRefused` with all faults, those of single rows included."""
        for find in (
            checks.repeated_movies,
            checks.repeated_places,
            checks.unknown_timezones,
            checks.unknown_names,
            checks.overlaps_in_file,
            checks.overlaps_with_schedule,
        ):
            await find(self._connection)
        if rows := await checks.count_faulty_rows(self._connection):
            self._faults.add(await checks.first_faults(self._connection), rows)
        if self._faults.rows:
            raise ImportRefused(self._faults)
