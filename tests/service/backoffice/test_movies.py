"""Staff keep the movies."""

from datetime import UTC, datetime
from typing import Any

from service.ids import Entity
from service.postgres import Postgres
from tests.service.backoffice.conftest import MOVIE, NewMovie, NewSession, Sell
from tests.service.calls import Caller

PATH = "/v1/admin/movies"


async def test_a_movie_is_created_read_listed_changed_and_deleted(boss: Caller) -> None:
    created = await boss.post(PATH, MOVIE | {"poster": "https://example.com/a.jpg?size=2#x"})
    assert created.status == 201
    movie = created.body["movie"]
    derived = {"id": movie["id"], "airing_dates": None, "rating": None, "created_at": movie["created_at"]}
    derived |= {"genres": [], "cast": [], "countries": []}
    assert movie == MOVIE | {"poster": "https://example.com/a.jpg?size=2#x"} | derived
    one = f"{PATH}/{movie['id']}"
    assert (await boss.get(one)).body == {"movie": movie}
    listed = (await boss.get(PATH)).body
    assert listed["movies"] == [movie]
    assert listed["metadata"]["has_more"] is False
    changed = await boss.patch(one, {"title": "Amelie", "poster": None})
    assert (changed.status, changed.body) == (200, {"movie": movie | {"title": "Amelie", "poster": None}})
    deleted = await boss.delete(one)
    assert (deleted.status, deleted.body) == (204, None)
    assert (await boss.get(one)).refusal == (404, "movie_not_found")


async def test_the_list_has_the_sorts_and_filters_of_the_public_one(boss: Caller) -> None:
    for title in ("Amélie", "Godzilla"):
        await boss.post(PATH, MOVIE | {"title": title})
    found = (await boss.get(PATH, q="amelie", sort="new")).body["movies"]
    assert [movie["title"] for movie in found] == ["Amélie"]
    assert (await boss.get(PATH, airing="now")).body["movies"] == []
    assert (await boss.get(PATH, sort="title")).refusal == (422, "invalid_sort")


async def test_the_change_of_nothing_changes_nothing(boss: Caller) -> None:
    movie = (await boss.post(PATH, MOVIE)).body["movie"]
    answer = await boss.patch(f"{PATH}/{movie['id']}", {})
    assert (answer.status, answer.body["movie"]) == (200, movie)


FAULTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"title": ""}, ["invalid_title"]),
    ({"title": " \t"}, ["invalid_title"]),
    ({"title": "x" * 301}, ["invalid_title"]),
    ({"title": "a\0b"}, ["invalid_title"]),
    ({"title": None, "year": 1869}, ["invalid_title", "invalid_year"]),
    ({"description": "x" * 10_001}, ["invalid_description"]),
    ({"duration": 0}, ["invalid_duration"]),
    ({"duration": 1_001}, ["invalid_duration"]),
    ({"duration": 90.5}, ["invalid_duration"]),
    ({"duration": "90"}, ["invalid_duration"]),
    ({"duration": True}, ["invalid_duration"]),
    ({"duration": 10**30}, ["invalid_duration"]),
    ({"year": 2201}, ["invalid_year"]),
    ({"poster": "ftp://example.com/a.jpg"}, ["invalid_poster"]),
    ({"poster": "https://"}, ["invalid_poster"]),
    ({"poster": "https://example.com/a b.jpg"}, ["invalid_poster"]),
    ({"poster": "javascript:alert(1)//https://example.com"}, ["invalid_poster"]),
    ({"poster": "https://example.com/" + "a" * 2_000}, ["invalid_poster"]),
    ({"rating": 5}, ["unknown_field"]),
]


async def test_faulty_fields_are_named(boss: Caller, new_movie: NewMovie) -> None:
    one = f"{PATH}/{Entity.MOVIE.public(await new_movie())}"
    for change, codes in FAULTS:
        for answer in (await boss.post(PATH, MOVIE | change), await boss.patch(one, change)):
            assert (answer.status, sorted(answer.codes)) == (422, codes), change


async def test_missing_fields_are_named(boss: Caller) -> None:
    answer = await boss.post(PATH, {})
    assert answer.status == 422
    assert sorted(answer.codes) == ["missing_description", "missing_duration", "missing_title", "missing_year"]


NO_MOVIES = ["mov_1", "plc_1", "x"]


async def test_an_unknown_movie_is_not_found(boss: Caller) -> None:
    for movie_id in NO_MOVIES:
        one = f"{PATH}/{movie_id}"
        for answer in (await boss.get(one), await boss.patch(one, {"year": 1999}), await boss.delete(one)):
            assert answer.refusal == (404, "movie_not_found")


async def test_a_longer_movie_must_not_run_into_the_next_session(
    boss: Caller, new_movie: NewMovie, new_session: NewSession
) -> None:
    starts_at = datetime(2031, 6, 5, 18, tzinfo=UTC)
    first = await new_session(movie_id=await new_movie(duration=100), starts_at=starts_at)
    session = (await boss.get(f"/v1/admin/sessions/{first.session}")).body["session"]
    assert session["ends_at"] == "2031-06-05T19:40:00.000Z"
    taken = {"movie_id": first.movie, "place_id": first.place, "starts_at": "2031-06-05T19:54:59.999Z", "price": 0}
    assert (await boss.post("/v1/admin/sessions", taken)).refusal == (409, "session_overlaps")
    assert (await boss.post("/v1/admin/sessions", taken | {"starts_at": "2031-06-05T19:55:00Z"})).status == 201
    one = f"{PATH}/{first.movie}"
    assert (await boss.patch(one, {"duration": 101})).refusal == (409, "session_overlaps")
    assert (await boss.get(one)).body["movie"]["duration"] == 100
    assert (await boss.patch(one, {"duration": 99})).status == 200
    session = (await boss.get(f"/v1/admin/sessions/{first.session}")).body["session"]
    assert session["ends_at"] == "2031-06-05T19:39:00.000Z"


async def test_a_movie_goes_with_its_sessions_and_ratings(
    boss: Caller, postgres: Postgres, new_session: NewSession, sell: Sell
) -> None:
    showing = await new_session()
    await new_session(movie_id=showing.movie_id, cancelled=True)
    await sell(showing.session_id, status="cancelled")
    assert (await boss.post(f"/v1/movies/{showing.movie}/rate", {"value": 5})).status == 200
    assert (await boss.delete(f"{PATH}/{showing.movie}")).status == 204
    assert (await boss.get(f"/v1/sessions/{showing.session}")).refusal == (404, "session_not_found")
    async with postgres.acquire() as connection:
        for table in ("movies", "sessions", "inventory", "ratings", "bookings"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608  # a constant


async def test_a_movie_with_confirmed_bookings_stays(boss: Caller, new_session: NewSession, sell: Sell) -> None:
    showing = await new_session()
    await new_session(movie_id=showing.movie_id)
    await sell(showing.session_id)
    one = f"{PATH}/{showing.movie}"
    assert (await boss.delete(one)).refusal == (409, "has_bookings")
    assert len((await boss.get("/v1/admin/sessions", movie=showing.movie)).body["sessions"]) == 2
