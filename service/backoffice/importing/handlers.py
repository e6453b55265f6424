"""Admins import catalogues."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict

from service.backoffice.importing.faults import ImportRefused
from service.backoffice.importing.importer import Format, Import
from service.backoffice.importing.schemas import ImportAnswer, ImportedRows
from service.errors import IMPORT_REFUSED, IMPORT_TOO_LARGE, ApiError
from service.http.endpoint import Call
from service.http.uploads import pieces

CSV, JSON_LINES = "text/csv", "application/x-ndjson"
_FORMATS: Mapping[str, Format] = {CSV: "csv", JSON_LINES: "jsonl"}


async def import_catalogue(call: Call[None, None]) -> ImportAnswer:
    """Import a catalogue

    Movies, places and sessions, all of the file or nothing. The body is CSV whose header names the columns, or JSON
    Lines with an object on each line, in UTF-8; rows have at most 64 KiB. The `type` of each row says what it is:

    - `movie`: `title`, `year`, `duration`, and optionally `description` and `poster`;
    - `place`: `name`, `address`, `capacity`, and optionally `timezone`; in JSON Lines a `seat_plan` in place of the
      capacity, as when a place is added by itself;
    - `session`: `movie`, `place`, `starts_at`, `price`, and optionally `movie_year` and `currency`.

    An empty cell is a field left out. A session names its movie by title (and `movie_year` where several movies have
    it) and its place by name, or either by its id. They may be of the same file, in any order, or in the catalogue.
    Title and year tell movies apart, names tell places apart: what is there already is a fault of the row, and so is
    an overlap with another session.

    Where rows are faulty the answer is 422 `import_refused` with their number, `faulty_rows`, and the first 100
    `faults`, each with its `line`, `code`, `message` and, where there is one, `field`.
    """
    resources = call.resources
    format_ = _FORMATS[call.request.content_type]
    try:
        async with Import.opened(resources.settings.database_url, resources.ids, format_) as importing:
            async for piece in _body(call):
                await importing.feed(piece)
            imported = await importing.finish()
    except ImportRefused as refused:
        faults = [fault.shown() for fault in refused.faults.first]
        raise ApiError(IMPORT_REFUSED, {"faulty_rows": refused.faults.rows, "faults": faults}) from None
    return ImportAnswer(imported=ImportedRows(**asdict(imported)))


def _body(call: Call[None, None]) -> AsyncIterator[bytes]:
    return pieces(call.request, call.resources.settings.import_max_bytes, IMPORT_TOO_LARGE)
