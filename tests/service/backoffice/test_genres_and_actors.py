"""Staff keep genres and actors, which are names with an id; and movies that have them."""

from typing import Any

import pytest

from service.ids import Entity
from service.postgres import Postgres
from tests.migrations.listings import counted, differences
from tests.service.backoffice.conftest import MOVIE, NewMovie
from tests.service.calls import Caller

MOVIES = "/v1/admin/movies"
KINDS = [("genre", "gen"), ("actor", "act")]


@pytest.fixture(params=KINDS, ids=["genres", "actors"])
def kind(request: pytest.FixtureRequest) -> tuple[str, str]:
    """What an answer calls the kind, and the prefix of its ids."""
    named: tuple[str, str] = request.param
    return named


async def add(boss: Caller, kind: str, name: str) -> dict[str, str]:
    answer = await boss.post(f"/v1/admin/{kind}s", {"name": name})
    assert answer.status == 201, answer.body
    added: dict[str, str] = answer.body[kind]
    return added


async def test_one_is_created_read_listed_renamed_and_deleted(boss: Caller, kind: tuple[str, str]) -> None:
    name, prefix = kind
    path = f"/v1/admin/{name}s"
    added = await add(boss, name, "Amélie")
    assert added == {"id": added["id"], "name": "Amélie"}
    assert added["id"].startswith(f"{prefix}_")
    one = f"{path}/{added['id']}"
    assert (await boss.get(one)).body == {name: added}
    assert (await boss.get(path)).body[f"{name}s"] == [added]
    renamed = await boss.patch(one, {"name": "amélie"})
    assert (renamed.status, renamed.body) == (200, {name: added | {"name": "amélie"}})
    assert (await boss.patch(one, {})).body == renamed.body
    deleted = await boss.delete(one)
    assert (deleted.status, deleted.body) == (204, None)
    assert (await boss.get(one)).refusal == (404, f"{name}_not_found")


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({}, "missing_name"),
    ({"name": ""}, "invalid_name"),
    ({"name": " "}, "invalid_name"),
    ({"name": "a\0b"}, "invalid_name"),
    ({"name": "x" * 201}, "invalid_name"),
    ({"name": None}, "invalid_name"),
    ({"name": "A", "born": 1900}, "unknown_field"),
]


async def test_faulty_fields_are_named(boss: Caller, kind: tuple[str, str]) -> None:
    name, _ = kind
    one = (await add(boss, name, "Amélie"))["id"]
    for body, code in FAULTS:
        assert (await boss.post(f"/v1/admin/{name}s", body)).refusal == (422, code), body
        if body:
            assert (await boss.patch(f"/v1/admin/{name}s/{one}", body)).refusal == (422, code), body


async def test_an_unknown_one_is_not_found(boss: Caller, kind: tuple[str, str]) -> None:
    name, prefix = kind
    for number in (f"{prefix}_1", "mov_1", "x"):
        one = f"/v1/admin/{name}s/{number}"
        for answer in (await boss.get(one), await boss.patch(one, {"name": "B"}), await boss.delete(one)):
            assert answer.refusal == (404, f"{name}_not_found")


async def test_the_list_is_walked_by_name(boss: Caller, kind: tuple[str, str]) -> None:
    name, _ = kind
    for title in ("Drama", "comedy", "Adventure", "Western", "biopic"):
        await add(boss, name, title)
    walked = [one["name"] async for page in boss.pages(f"/v1/admin/{name}s", limit="2") for one in page[f"{name}s"]]
    in_order = ["Adventure", "Drama", "Western", "biopic", "comedy"]
    assert walked == (sorted(in_order, key=str.lower) if name == "genre" else in_order)
    cursor = (await boss.get(f"/v1/admin/{name}s", limit="1")).body["metadata"]["end_cursor"]
    other = "actors" if name == "genre" else "genres"
    assert (await boss.get(f"/v1/admin/{other}", cursor=cursor)).refusal == (400, "invalid_cursor")


async def test_genres_do_not_share_a_name_but_actors_may(boss: Caller) -> None:
    drama, other = await add(boss, "genre", "Drama"), await add(boss, "genre", "Comedy")
    assert (await boss.post("/v1/admin/genres", {"name": "DRAMA"})).refusal == (409, "name_taken")
    assert (await boss.patch(f"/v1/admin/genres/{other['id']}", {"name": "drama"})).refusal == (409, "name_taken")
    assert (await boss.patch(f"/v1/admin/genres/{drama['id']}", {"name": "DRAMA"})).status == 200
    assert (await add(boss, "actor", "Jean Martin"))["id"] != (await add(boss, "actor", "Jean Martin"))["id"]


async def test_a_movie_has_genres_a_cast_and_countries(boss: Caller, postgres: Postgres) -> None:
    drama, comedy = await add(boss, "genre", "Drama"), await add(boss, "genre", "Comedy")
    first, second = await add(boss, "actor", "Zoé"), await add(boss, "actor", "Anna")
    body = MOVIE | {
        "genres": [drama["id"], comedy["id"], drama["id"]],
        "cast": [first["id"], second["id"]],
        "countries": ["FR", "BE", "FR"],
    }
    created = await boss.post(MOVIES, body)
    assert created.status == 201, created.body
    movie = created.body["movie"]
    facets = {"genres": [comedy, drama], "cast": [first, second], "countries": ["BE", "FR"]}
    assert {name: movie[name] for name in facets} == facets
    one = f"{MOVIES}/{movie['id']}"
    assert (await boss.get(one)).body["movie"] == movie
    assert (await boss.get(MOVIES)).body["movies"] == [movie]
    changes = {"genres": [comedy["id"]], "cast": [second["id"], first["id"]], "countries": ["FR", "LU"], "year": 1999}
    changed = (await boss.patch(one, changes)).body["movie"]
    assert changed == movie | {"genres": [comedy], "cast": [second, first], "countries": ["FR", "LU"], "year": 1999}
    assert (await boss.patch(one, {"title": "B"})).body["movie"] == changed | {"title": "B"}
    async with postgres.acquire() as connection:
        assert await differences(connection) == []
        assert await counted(connection, "LU") == {1999: 1}
    emptied = (await boss.patch(one, {"genres": [], "cast": [], "countries": []})).body["movie"]
    assert (emptied["genres"], emptied["cast"], emptied["countries"]) == ([], [], [])
    async with postgres.acquire() as connection:
        assert await counted(connection, "LU") == {}


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"genres": ["gen_1"], "cast": ["act_1"]}, ["invalid_cast", "invalid_genres"]),
    ({"genres": ["act_1"], "cast": [1]}, ["invalid_cast", "invalid_genres"]),
    ({"countries": ["ZZ"]}, ["invalid_countries"]),
    ({"countries": "FR"}, ["invalid_countries"]),
    ({"genres": None}, ["invalid_genres"]),
    ({"genres": ["gen_1"] * 51}, ["invalid_genres"]),
    ({"cast": ["act_1"] * 501}, ["invalid_cast"]),
]


async def test_what_a_movie_cannot_have_is_named(boss: Caller, new_movie: NewMovie, postgres: Postgres) -> None:
    one = f"{MOVIES}/{Entity.MOVIE.public(await new_movie())}"
    for change, codes in WRONG:
        for answer in (await boss.post(MOVIES, MOVIE | change), await boss.patch(one, {"title": "B"} | change)):
            assert (answer.status, sorted(answer.codes)) == (422, codes), change
    assert [movie["title"] for movie in (await boss.get(MOVIES)).body["movies"]] == ["Amélie"]


async def test_deleting_one_takes_it_off_its_movies(boss: Caller, postgres: Postgres) -> None:
    genre, actor = await add(boss, "genre", "Drama"), await add(boss, "actor", "Anna")
    body = MOVIE | {"genres": [genre["id"]], "cast": [actor["id"]], "countries": ["FR"]}
    movies = [(await boss.post(MOVIES, body)).body["movie"]["id"] for _ in range(3)]
    discovered = f"/discovery/v1/movies?country=FR&genre={genre['id']}"
    assert (await boss.get(discovered)).body["total"] == 3
    assert (await boss.delete(f"/v1/admin/genres/{genre['id']}")).status == 204
    assert (await boss.delete(f"/v1/admin/actors/{actor['id']}")).status == 204
    for movie in movies:
        kept = (await boss.get(f"{MOVIES}/{movie}")).body["movie"]
        assert (kept["genres"], kept["cast"], kept["countries"]) == ([], [], ["FR"])
    assert (await boss.get("/discovery/v1/movies?country=FR")).body["total"] == 3
    async with postgres.acquire() as connection:
        assert await differences(connection) == []
