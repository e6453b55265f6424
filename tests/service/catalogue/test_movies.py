"""Movies as customers see them: fields, sorts, filters."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from service.ids import Entity
from service.postgres import Postgres
from tests.service.calls import Caller
from tests.service.catalogue.conftest import NewMovie, NewPlace, NewSession, movie, paris_day

Airing = Callable[..., Awaitable[int]]
Rate = Callable[..., Awaitable[None]]
FIELDS = {"id", "title", "description", "poster", "duration", "airing_dates", "rating"}


async def titles(visitor: Caller, **params: str) -> list[str]:
    answer = await visitor.get("/v1/movies", **params)
    assert answer.status == 200, answer.body
    return [shown["title"] for shown in answer.body["movies"]]


async def detail(visitor: Caller, movie_id: int) -> dict[str, Any]:
    answer = await visitor.get(f"/v1/movies/{movie(movie_id)}")
    assert answer.status == 200
    shown: dict[str, Any] = answer.body["movie"]
    return shown


async def test_a_movie_has_the_fields_of_the_contract(visitor: Caller, airing: Airing, rate: Rate) -> None:
    movie_id = await airing("Amélie", 3, 8)
    await rate(movie_id, 4, 4.5, 4.5)
    shown = await detail(visitor, movie_id)
    assert shown == {
        "id": movie(movie_id),
        "title": "Amélie",
        "description": "Somebody helps.",
        "poster": None,
        "duration": 122,
        "airing_dates": {"from": paris_day(3).isoformat(), "to": paris_day(8).isoformat()},
        "rating": 4.33,
    }
    answer = await visitor.get("/v1/movies")
    assert answer.body["movies"] == [shown]
    assert answer.body["metadata"]["has_more"] is False


async def test_a_movie_without_sessions_and_ratings_says_null(visitor: Caller, new_movie: NewMovie) -> None:
    shown = await detail(visitor, await new_movie())
    assert shown["airing_dates"] is None
    assert shown["rating"] is None


async def test_airing_dates_are_days_of_the_place(
    visitor: Caller, new_movie: NewMovie, new_place: NewPlace, new_session: NewSession
) -> None:
    movie_id = await new_movie()
    noumea, tahiti = await new_place(timezone="Pacific/Noumea"), await new_place(timezone="Pacific/Tahiti")
    await new_session(movie_id=movie_id, place_id=noumea, starts_at=datetime(2026, 6, 5, 20, tzinfo=UTC))
    await new_session(movie_id=movie_id, place_id=tahiti, starts_at=datetime(2026, 6, 5, 5, tzinfo=UTC))
    assert (await detail(visitor, movie_id))["airing_dates"] == {"from": "2026-06-04", "to": "2026-06-06"}


async def test_cancelled_sessions_do_not_count_for_airing_dates(
    visitor: Caller, airing: Airing, new_session: NewSession
) -> None:
    movie_id = await airing("Amélie", 3)
    await new_session(movie_id=movie_id, cancelled=True)
    day = paris_day(3).isoformat()
    assert (await detail(visitor, movie_id))["airing_dates"] == {"from": day, "to": day}


async def test_the_best_rated_come_first_and_those_without_rating_last(
    visitor: Caller, new_movie: NewMovie, rate: Rate
) -> None:
    for title, values in {"None": (), "Worst": (0,), "Good": (4, 5), "Best": (5,), "Good too": (4.5,)}.items():
        await rate(await new_movie(title), *values)
    expected = ["Best", "Good", "Good too", "Worst", "None"]
    assert await titles(visitor) == await titles(visitor, sort="rating") == expected


async def test_new_and_leaving_soon_go_by_airing_dates(visitor: Caller, airing: Airing) -> None:
    await airing("Never")
    await airing("Long", -5, 9)
    await airing("Over", -9, -8)
    await airing("Coming", 2, 3)
    await airing("Never too")
    assert await titles(visitor, sort="new") == ["Coming", "Long", "Over", "Never", "Never too"]
    assert await titles(visitor, sort="leaving_soon") == ["Over", "Coming", "Long", "Never", "Never too"]


async def test_airing_tells_now_from_upcoming_and_past(visitor: Caller, airing: Airing) -> None:
    await airing("Never")
    await airing("First day", 0, 4)
    await airing("Last day", -4, 0)
    await airing("Between", -1, 1)
    await airing("Tomorrow", 1)
    await airing("Yesterday", -1)
    for sort in ("rating", "new", "leaving_soon"):
        assert set(await titles(visitor, sort=sort, airing="now")) == {"First day", "Last day", "Between"}
        assert await titles(visitor, sort=sort, airing="upcoming") == ["Tomorrow"]
        assert await titles(visitor, sort=sort, airing="past") == ["Yesterday"]


SEARCHES = [
    ("amelie", {"Le fabuleux destin d'Amélie Poulain"}),
    ("AMÉLIE le", {"Le fabuleux destin d'Amélie Poulain"}),
    ("poulain destin", {"Le fabuleux destin d'Amélie Poulain"}),
    ("d'amélie", {"Le fabuleux destin d'Amélie Poulain"}),
    ("ame", set()),
    ("amelie godzilla", set()),
    ("le", {"Le fabuleux destin d'Amélie Poulain", "Le Cœur & l'Œil"}),
    ("coeur oeil", {"Le Cœur & l'Œil"}),
    ("12", {"12 Monkeys"}),
    ("spider-man", {"Spider-Man"}),
    ("man", {"Spider-Man"}),
    ("amelie | monkeys", set()),
    ("!amelie", {"Le fabuleux destin d'Amélie Poulain"}),
    ("monk:*", set()),
    ("'", set()),
    ("\\", set()),
    ("''' & (| <-> \\'", set()),
    ("…", set()),
    ("face", {"Face/Off"}),
    ("22", {"Catch-22"}),
    ("catch 22", {"Catch-22"}),
    ("wall e", {"WALL·E"}),
    ("t", {"S.W.A.T."}),
    ("сталкер", {"Сталкер"}),
]
TITLES = (
    "Le fabuleux destin d'Amélie Poulain",
    "Le Cœur & l'Œil",
    "12 Monkeys",
    "Spider-Man",
    "Face/Off",
    "Catch-22",
    "WALL·E",
    "S.W.A.T.",
    "Сталкер",
)


async def test_every_word_of_q_is_a_word_of_the_title(visitor: Caller, new_movie: NewMovie) -> None:
    for title in TITLES:
        await new_movie(title)
    for words, found in SEARCHES:
        assert set(await titles(visitor, q=words)) == found, words


async def test_genre_filters_alone_and_with_others(visitor: Caller, postgres: Postgres, airing: Airing) -> None:
    movie_id = await airing("Amélie", 0)
    await airing("Amélie 2", 0)
    async with postgres.acquire() as connection:
        await connection.execute("INSERT INTO genres (id, name) VALUES (1, 'Comedy'), (2, 'Horror')")
        await connection.execute("INSERT INTO movie_genres (movie_id, genre_id) VALUES ($1, 1)", movie_id)
    assert await titles(visitor, genre="gen_1") == ["Amélie"]
    assert await titles(visitor, genre="gen_1", q="amelie", airing="now", sort="new") == ["Amélie"]
    assert await titles(visitor, genre="gen_1", airing="past") == []
    assert await titles(visitor, genre="gen_2") == []
    assert await titles(visitor, genre="gen_3") == []


FAULTS = [
    ({"sort": "best"}, ["invalid_sort"]),
    ({"genre": "mov_1"}, ["invalid_genre"]),
    ({"genre": "gen_x"}, ["invalid_genre"]),
    ({"airing": ""}, ["invalid_airing"]),
    ({"q": ""}, ["invalid_q"]),
    ({"q": "x" * 201}, ["invalid_q"]),
    ({"q": "a\0"}, ["invalid_q"]),
    ({"limit": "0"}, ["invalid_limit"]),
    ({"limit": "101", "page": "2"}, ["invalid_limit", "unknown_parameter"]),
]


async def test_faulty_parameters_are_named(visitor: Caller) -> None:
    for params, codes in FAULTS:
        answer = await visitor.get("/v1/movies", **params)
        assert (answer.status, sorted(answer.codes)) == (422, codes), params


async def test_a_cursor_belongs_to_its_list_and_sort(visitor: Caller, new_movie: NewMovie) -> None:
    for _ in range(2):
        await new_movie()
    cursor = (await visitor.get("/v1/movies", limit="1")).body["metadata"]["end_cursor"]
    assert (await visitor.get("/v1/movies", cursor=cursor)).status == 200
    for params in ({"sort": "new", "cursor": cursor}, {"cursor": cursor[:-1]}, {"cursor": "x" + cursor}):
        assert (await visitor.get("/v1/movies", **params)).refusal == (400, "invalid_cursor")


async def test_an_empty_list_has_no_cursor(visitor: Caller) -> None:
    answer = await visitor.get("/v1/movies")
    assert answer.body == {"movies": [], "metadata": {"has_more": False, "end_cursor": None}}


NO_MOVIES = ["mov_1", "plc_1", "mov_01", "1", "mov_9223372036854775808"]


async def test_what_is_no_movie_is_not_found(visitor: Caller) -> None:
    for movie_id in NO_MOVIES:
        assert (await visitor.get(f"/v1/movies/{movie_id}")).refusal == (404, "movie_not_found")
        assert (await visitor.get(f"/v1/movies/{movie_id}/places")).refusal == (404, "movie_not_found")
        path = f"/v1/movies/{movie_id}/places/{Entity.PLACE.public(1)}/sessions"
        assert (await visitor.get(path)).refusal == (404, "movie_not_found")
