"""Sessions as customers see them: the list of a movie at a place, and one."""

from datetime import UTC, datetime, timedelta

import pytest

from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from tests.service.calls import Caller
from tests.service.catalogue.conftest import NewMovie, NewPlace, NewSession
from tests.service.factories import Showing

Path = str


def sessions_of(showing: Showing) -> Path:
    return f"/v1/movies/{showing.movie}/places/{showing.place}/sessions"


@pytest.fixture
async def tahiti(new_movie: NewMovie, new_place: NewPlace, new_session: NewSession) -> Path:
    """The sessions of a movie at a place ten hours behind UTC: each midnight of 4 to 7 June 2026, and just before."""
    movie_id, place_id = await new_movie(duration=1), await new_place(timezone="Pacific/Tahiti")
    for day in (4, 5, 6, 7):
        midnight = datetime(2026, 6, day, 10, tzinfo=UTC)
        for starts_at in (midnight, midnight - timedelta(hours=1)):
            await new_session(movie_id=movie_id, place_id=place_id, starts_at=starts_at)
    return sessions_of(Showing(0, movie_id, place_id))


async def starts(visitor: Caller, path: Path, **bounds: str) -> list[str]:
    answer = await visitor.get(path, **bounds)
    assert answer.status == 200, answer.body
    return [session["starts_at"] for session in answer.body["sessions"]]


async def test_the_last_to_start_comes_first(visitor: Caller, tahiti: Path) -> None:
    found = await starts(visitor, tahiti)
    assert found == sorted(found, reverse=True)
    assert len(found) == 8
    assert found[0] == "2026-06-07T10:00:00.000Z"


async def test_a_session_of_the_list_has_two_fields(visitor: Caller, new_session: NewSession) -> None:
    starts_at = datetime(2026, 6, 5, 18, 0, 0, 123_999, tzinfo=UTC)
    showing = await new_session(starts_at=starts_at)
    answer = await visitor.get(sessions_of(showing))
    assert answer.body["sessions"] == [{"id": showing.session, "starts_at": "2026-06-05T18:00:00.123Z"}]


BOUNDS = [
    ({"from": "2026-06-05T10:00:00Z", "to": "2026-06-06T10:00:00Z"}, "05T10", "06T10"),
    ({"from": "2026-06-05T00:00:00-10:00", "to": "2026-06-06T12:00:00.000+02:00"}, "05T10", "06T10"),
    ({"from": "2026-06-05", "to": "2026-06-05"}, "05T10", "06T09"),
    ({"from": "2026-06-05", "to": "2026-06-05T10:00:00Z"}, "05T10", "05T10"),
    ({"from": "2026-06-06T10:00:00Z", "to": "2026-06-06"}, "06T10", "07T09"),
    ({"from": "2026-06-06T10:00:00.001Z"}, "07T09", "07T10"),
    ({"to": "2026-06-04T09:59:59.999Z"}, "04T09", "04T09"),
    ({"from": "0001-01-01", "to": "9999-12-31"}, "04T09", "07T10"),
    ({"from": "2026-06-05T12:00:00 02:00", "to": "2026-06-05T10:00:00z"}, "05T10", "05T10"),
]


async def test_bounds_are_inclusive_and_a_date_is_a_day_of_the_place(visitor: Caller, tahiti: Path) -> None:
    for bounds, first, last in BOUNDS:
        found = await starts(visitor, tahiti, **bounds)
        assert (found[-1][8:13], found[0][8:13]) == (first, last), bounds


FAULTS = [
    ({"from": "2026-06-06", "to": "2026-06-05"}, ["invalid_from"]),
    ({"from": "2026-06-05T10:00:01Z", "to": "2026-06-05T10:00:00Z"}, ["invalid_from"]),
    ({"from": "2026-06-05", "to": "2026-06-05T09:59:59Z"}, ["invalid_from"]),
    ({"from": "2026-06-05T18:00:00"}, ["invalid_from"]),
    ({"from": "2026-02-30", "to": "yesterday"}, ["invalid_from", "invalid_to"]),
    ({"to": "2026-06-05T25:00:00Z"}, ["invalid_to"]),
    ({"to": "1750000000"}, ["invalid_to"]),
    ({"to": ""}, ["invalid_to"]),
    ({"to": "0001-01-01T00:00:00+14:00"}, ["invalid_to"]),
    ({"from_": "2026-06-05"}, ["unknown_parameter"]),
]


async def test_faulty_bounds_are_named(visitor: Caller, tahiti: Path) -> None:
    for bounds, codes in FAULTS:
        answer = await visitor.get(tahiti, **bounds)
        assert (answer.status, sorted(answer.codes)) == (422, codes), bounds


async def test_a_day_of_a_change_of_clocks_is_whole(
    visitor: Caller, new_movie: NewMovie, new_place: NewPlace, new_session: NewSession
) -> None:
    """In Paris 25 October 2026 has 25 hours: from 22:00 UTC to 23:00 UTC."""
    movie_id, place_id = await new_movie(duration=1), await new_place()
    hours = [datetime(2026, 10, 24, 21, 30, tzinfo=UTC) + timedelta(hours=hour) for hour in range(27)]
    for starts_at in hours:
        await new_session(movie_id=movie_id, place_id=place_id, starts_at=starts_at)
    found = await starts(
        visitor,
        sessions_of(Showing(0, movie_id, place_id)),
        **{"from": "2026-10-25", "to": "2026-10-25", "limit": "100"},
    )
    assert len(found) == 25


async def test_only_sessions_that_are_not_cancelled_of_that_movie_and_place(
    visitor: Caller, new_movie: NewMovie, new_place: NewPlace, new_session: NewSession
) -> None:
    showing = await new_session()
    await new_session(movie_id=showing.movie_id, place_id=showing.place_id, cancelled=True)
    await new_session(movie_id=showing.movie_id)
    await new_session(place_id=showing.place_id, starts_at=datetime.now(UTC) + timedelta(days=3))
    answer = await visitor.get(sessions_of(showing))
    assert [session["id"] for session in answer.body["sessions"]] == [showing.session]
    empty = f"/v1/movies/{showing.movie}/places/{Entity.PLACE.public(await new_place())}/sessions"
    assert await starts(visitor, empty) == []


NO_PLACES = ["plc_1", "mov_1", "x"]


async def test_an_unknown_place_is_not_found(visitor: Caller, new_movie: NewMovie) -> None:
    for place_id in NO_PLACES:
        path = f"/v1/movies/{Entity.MOVIE.public(await new_movie())}/places/{place_id}/sessions"
        assert (await visitor.get(path)).refusal == (404, "place_not_found")


async def test_a_cursor_belongs_to_its_movie_and_place(visitor: Caller, new_session: NewSession, tahiti: Path) -> None:
    other = sessions_of(await new_session())
    cursor = (await visitor.get(tahiti, limit="1")).body["metadata"]["end_cursor"]
    assert len(await starts(visitor, tahiti, cursor=cursor)) == 7
    assert (await visitor.get(other, cursor=cursor)).refusal == (400, "invalid_cursor")


async def test_a_session_has_the_fields_of_the_contract(visitor: Caller, new_session: NewSession) -> None:
    starts_at = datetime(2027, 6, 5, 18, tzinfo=UTC)
    showing = await new_session(starts_at=starts_at, capacity=40)
    assert (await visitor.get(f"/v1/sessions/{showing.session}")).body == {
        "session": {
            "id": showing.session,
            "movie": {"id": showing.movie, "title": "Amélie"},
            "place": {"id": showing.place, "name": "Lumière"},
            "starts_at": "2027-06-05T18:00:00.000Z",
            "capacity": 40,
            "available": 40,
        }
    }


async def available(visitor: Caller, showing: Showing) -> int:
    answer = await visitor.get(f"/v1/sessions/{showing.session}")
    seats: int = answer.body["session"]["available"]
    return seats


async def test_sold_and_held_seats_are_not_available(
    visitor: Caller, resources: Resources, postgres: Postgres, new_session: NewSession
) -> None:
    showing = await new_session(capacity=10)
    await resources.engine.open(showing.session, "usr_1", {"bkg_1": 3}, lifetime=60_000, owner_limit=5)
    assert await available(visitor, showing) == 7
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE inventory SET sold = 5 WHERE id = $1", showing.session_id)
    assert await available(visitor, showing) == 2
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE inventory SET sold = 9 WHERE id = $1", showing.session_id)
    assert await available(visitor, showing) == 0
    await resources.engine.release("usr_1", ["bkg_1"])
    assert await available(visitor, showing) == 1


async def test_a_cancelled_session_is_shown_without_a_seat(visitor: Caller, new_session: NewSession) -> None:
    showing = await new_session(cancelled=True)
    assert await available(visitor, showing) == 0


NO_SESSIONS = ["ses_1", "mov_1", "x"]


async def test_an_unknown_session_is_not_found(visitor: Caller) -> None:
    for session_id in NO_SESSIONS:
        assert (await visitor.get(f"/v1/sessions/{session_id}")).refusal == (404, "session_not_found")
