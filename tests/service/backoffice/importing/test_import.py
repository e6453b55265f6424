"""A catalogue from a file: all of it, as if it had been typed in, or nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from service.postgres import Postgres
from tests.service.backoffice.conftest import NewMovie, NewPlace, NewSession
from tests.service.backoffice.importing.files import (
    CATALOGUE,
    CSV,
    JSON_LINES,
    MOVIE,
    PLACE,
    SESSION,
    counts,
    csv_file,
    json_lines,
    refused,
    send,
)
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account

FILES = [pytest.param(csv_file(CATALOGUE), CSV, id="csv"), pytest.param(json_lines(CATALOGUE), JSON_LINES, id="jsonl")]


@pytest.mark.parametrize(("file", "media_type"), FILES)
async def test_what_was_imported_is_in_the_programme(
    boss: Caller, postgres: Postgres, file: bytes, media_type: str
) -> None:
    answer = await send(boss, file, media_type)
    assert answer.body == {"imported": {"movies": 1, "places": 1, "sessions": 1}}
    async with postgres.acquire() as connection:
        row = await connection.fetchrow(
            """
            SELECT title, description, airing_from, name, timezone, starts_at, ends_at, price, currency, sales_end,
                   inventory.capacity, sold
            FROM sessions JOIN movies ON movies.id = movie_id JOIN places ON places.id = place_id
            JOIN inventory ON inventory.id = sessions.id
            """
        )
    assert row is not None
    starts_at = datetime(2031, 6, 5, 18, tzinfo=UTC)
    assert tuple(row) == (
        *("Amélie", "", date(2031, 6, 5), "Lumière", "Europe/Paris", starts_at),
        *(datetime(2031, 6, 5, 20, 2, tzinfo=UTC), 1_250, "EUR", starts_at, 180, 0),
    )


@pytest.mark.parametrize(("file", "media_type"), FILES)
async def test_the_same_file_twice_is_reported_and_not_doubled(
    boss: Caller, postgres: Postgres, file: bytes, media_type: str
) -> None:
    assert (await send(boss, file, media_type)).status == 200
    codes = [code for _, code in await refused(boss, file, media_type)]
    assert codes == ["session_exists", "movie_exists", "place_exists"]
    assert await counts(postgres) == (1, 1, 1)


async def test_sessions_name_what_is_in_the_catalogue(
    boss: Caller, postgres: Postgres, new_movie: NewMovie, new_place: NewPlace
) -> None:
    movies = [await new_movie("Dune", year=year) for year in (1984, 2021)]
    places = [await new_place("Rex") for _ in range(2)]
    await new_place("Odéon")
    by_name = {"movie": "Dune", "movie_year": 2021, "place": "Odéon"}
    by_id = {"movie": f"mov_{movies[0]}", "place": f"plc_{places[1]}"}
    assert (await send(boss, json_lines([SESSION | by_name, SESSION | by_id]))).status == 200
    ambiguous = [SESSION | by_name | {"movie_year": None}, SESSION | by_id | {"place": "Rex"}]
    unknown = [
        SESSION | by_id | {"movie_year": 2021},
        SESSION | by_name | {"movie_year": 1985},
        SESSION | by_name | {"place": "plc_1"},
    ]
    assert await refused(boss, json_lines([*ambiguous, *unknown])) == [
        (1, "invalid_movie"),
        (2, "invalid_place"),
        (3, "invalid_movie"),
        (4, "invalid_movie"),
        (5, "invalid_place"),
    ]
    assert await counts(postgres) == (2, 3, 2)


async def test_every_faulty_row_is_reported_with_its_line(boss: Caller, postgres: Postgres) -> None:
    rows = [
        MOVIE,
        MOVIE | {"duration": 0, "year": 1800},
        MOVIE,
        PLACE | {"timezone": "Europe/Nowhere"},
        PLACE,
        PLACE,
        {"type": "poster"},
        {"title": "Amélie"},
        MOVIE | {"capacity": 3},
        PLACE | {"name": "Nul\0"},
        SESSION | {"starts_at": "2031-06-05"},
        SESSION | {"price": "12,50", "currency": "€"},
        SESSION | {"movie": "Amelie", "place": "Lumiere"},
        [],
    ]
    assert await refused(boss, json_lines(rows)) == [  # type: ignore[arg-type]
        (2, "invalid_duration"),
        (2, "invalid_year"),
        (3, "duplicate_row"),
        (4, "invalid_timezone"),
        (6, "duplicate_row"),
        (7, "invalid_type"),
        (8, "missing_type"),
        (9, "unknown_field"),
        (10, "invalid_name"),
        (11, "invalid_starts_at"),
        (12, "invalid_price"),
        (12, "invalid_currency"),
        (13, "invalid_movie"),
        (13, "invalid_place"),
        (14, "malformed_row"),
    ]
    assert await counts(postgres) == (0, 0, 0)


async def test_sessions_that_overlap_are_refused(
    boss: Caller, postgres: Postgres, new_movie: NewMovie, new_place: NewPlace, new_session: NewSession
) -> None:
    movie_id, place_id = await new_movie(duration=105), await new_place("Lumière")
    for hour, cancelled in ((10, False), (14, True)):
        starts_at = datetime(2031, 6, 5, hour, tzinfo=UTC)
        await new_session(movie_id=movie_id, place_id=place_id, starts_at=starts_at, cancelled=cancelled)
    times = ["20:00:00", "18:00:00.001", "18:00:00", "08:00:01", "12:00:00", "14:00:00", "10:00:00"]
    rows = [SESSION | {"starts_at": f"2031-06-05T{time}Z"} for time in times]
    assert await refused(boss, json_lines(rows)) == [
        (2, "session_overlaps"),
        (3, "session_overlaps"),
        (4, "session_overlaps"),
        (7, "session_exists"),
        (7, "session_overlaps"),
    ]
    assert (await send(boss, json_lines([rows[0], rows[2], *rows[4:6]]))).status == 200


async def test_most_faults_are_only_counted(boss: Caller) -> None:
    answer = await send(boss, json_lines([MOVIE | {"year": 1}] * 150 + [SESSION] * 50))
    [error] = answer.body["errors"]
    assert (error["faulty_rows"], len(error["faults"]), error["faults"][99]["line"]) == (200, 100, 100)


async def test_one_bad_row_in_the_middle(boss: Caller, postgres: Postgres) -> None:
    rows = [MOVIE | {"title": f"Movie {number}"} for number in range(12_000)]
    rows[6_001]["duration"] = 0
    assert await refused(boss, csv_file(rows), CSV) == [(6_003, "invalid_duration")]
    assert await counts(postgres) == (0, 0, 0)
    rows[6_001]["duration"] = 100
    assert (await send(boss, csv_file(rows), CSV)).body["imported"]["movies"] == 12_000


async def test_it_is_for_admins(client: Client, manager: Account, customer: Account) -> None:
    file = json_lines(CATALOGUE)
    assert (await send(Caller(client), file)).refusal == (401, "missing_token")
    assert (await send(Caller(client, customer), file)).refusal == (403, "forbidden")
    assert (await send(Caller(client, manager), file)).refusal == (403, "forbidden")


@pytest.mark.parametrize("media_type", ["application/json", "text/csv; charset=latin1", "multipart/form-data"])
async def test_other_media_types_are_refused(boss: Caller, media_type: str) -> None:
    assert (await send(boss, b"{}", media_type)).refusal == (415, "unsupported_media_type")


@pytest.mark.parametrize(("media_type", "file"), [(JSON_LINES, b""), (CSV, b""), (CSV, b"type,title\r\n")])
async def test_a_file_without_rows_is_refused(boss: Caller, media_type: str, file: bytes) -> None:
    assert await refused(boss, file, media_type) == [(1, "missing_rows")]


async def test_it_takes_a_file_in_pieces(boss: Caller, postgres: Postgres) -> None:
    async def bytewise() -> AsyncIterator[bytes]:
        for byte in csv_file(CATALOGUE):
            yield bytes([byte])

    assert (await send(boss, bytewise(), CSV)).status == 200
    assert await counts(postgres) == (1, 1, 1)
