"""Files to import, and what is in the catalogue afterwards."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from service.postgres import Postgres
from tests.service.calls import Answer, Caller

PATH = "/v1/admin/import"
CSV, JSON_LINES = "text/csv", "application/x-ndjson"
MOVIE = {"type": "movie", "title": "Amélie", "year": 2001, "duration": 122}
PLACE = {"type": "place", "name": "Lumière", "address": "1 rue Première", "capacity": 180}
SESSION = {
    "type": "session",
    "movie": "Amélie",
    "place": "Lumière",
    "starts_at": "2031-06-05T20:00:00+02:00",
    "price": 1_250,
}
CATALOGUE: Sequence[Mapping[str, Any]] = [SESSION, MOVIE, PLACE]
"""One row of each kind; the session comes before what it names."""
Body = bytes | AsyncIterator[bytes]


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def csv_file(rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


async def send(caller: Caller, body: Body, media_type: str = JSON_LINES) -> Answer:
    return await caller.call("POST", PATH, data=body, headers={"Content-Type": media_type})


async def refused(caller: Caller, body: Body, media_type: str = JSON_LINES) -> list[tuple[int, str]]:
    """Line and code of each fault that is reported, with as many faulty rows as lines."""
    answer = await send(caller, body, media_type)
    assert answer.refusal == (422, "import_refused"), answer.body
    [error] = answer.body["errors"]
    found = [(fault["line"], fault["code"]) for fault in error["faults"]]
    assert error["faulty_rows"] == len({line for line, _ in found})
    return found


async def counts(postgres: Postgres) -> tuple[int, int, int]:
    """How many movies, places and sessions there are; each session with its inventory."""
    async with postgres.acquire() as connection:
        row = await connection.fetchrow(
            """
            SELECT (SELECT count(*) FROM movies) AS movies, (SELECT count(*) FROM places) AS places,
                   (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM inventory) AS inventory
            """
        )
    assert row is not None
    assert row["sessions"] == row["inventory"]
    return row["movies"], row["places"], row["sessions"]
