"""Saving movies and removing them again."""

from typing import Any

from service.ids import Entity
from service.postgres import Postgres
from tests.service.api import Api
from tests.service.discovery.conftest import MINE, Shelf, error, faults, numbers, save, saved_rows
from tests.service.factories import Account


async def test_the_answer_is_the_movie(own: Api, api: Api, shelf: Shelf, postgres: Postgres, customer: Account) -> None:
    comedy = await shelf.genre("Comedy")
    movie_id = await shelf.movie("DE", "FR", genres=[comedy], cast=["Audrey Tautou"])
    answer = await save(own, movie_id)
    assert answer.status == 201
    assert answer.body == (await api("GET", f"/discovery/v1/movies/{Entity.MOVIE.public(movie_id)}")).body
    assert await saved_rows(postgres) == {(customer.user_id, movie_id)}


async def test_twice(own: Api, shelf: Shelf, postgres: Postgres) -> None:
    movie_id = await shelf.movie("DE", "FR")
    assert (await save(own, movie_id)).status == 201
    assert error(await save(own, movie_id)) == (409, "DUPLICATE_SAVE")
    assert error(await save(own, movie_id, "DE")) == (409, "DUPLICATE_SAVE")
    assert len(await saved_rows(postgres)) == 1


async def test_where_it_is_not_available(own: Api, shelf: Shelf, postgres: Postgres) -> None:
    movie_id = await shelf.movie("FR")
    for country in ("DE", "AQ"):
        assert error(await save(own, movie_id, country)) == (422, "UNAVAILABLE_IN_COUNTRY")
    assert await saved_rows(postgres) == set()


async def test_no_such_movie(own: Api, postgres: Postgres) -> None:
    for movie_id in (1, 2**63 - 1):
        assert error(await save(own, movie_id)) == (404, "MOVIE_NOT_FOUND")
    assert await saved_rows(postgres) == set()


async def test_once_more_after_it_was_removed(own: Api, shelf: Shelf) -> None:
    movie_id = await shelf.movie("FR")
    for _ in range(2):
        assert (await save(own, movie_id)).status == 201
        answer = await own("DELETE", f"{MINE}/{Entity.MOVIE.public(movie_id)}")
        assert (answer.status, answer.body) == (204, None)
        listed = await own("GET", f"{MINE}?country=FR")
        assert (numbers(listed), listed.body["total"]) == ([], 0)


async def test_removing_what_is_not_saved(own: Api, boss: Api, shelf: Shelf) -> None:
    movie_id = await shelf.movie("FR")
    await save(boss, movie_id)
    for movie in (Entity.MOVIE.public(movie_id), "mov_1", "mov_x", "gen_1"):
        assert error(await own("DELETE", f"{MINE}/{movie}")) == (404, "NOT_SAVED")
    assert numbers(await boss("GET", f"{MINE}?country=FR")) == [movie_id]


async def test_what_is_withdrawn_can_be_removed(own: Api, shelf: Shelf, postgres: Postgres) -> None:
    movie_id = await shelf.movie("FR")
    await save(own, movie_id)
    await shelf.withdraw(movie_id, "FR")
    assert (await own("DELETE", f"{MINE}/{Entity.MOVIE.public(movie_id)}")).status == 204
    assert await saved_rows(postgres) == set()


async def test_a_movie_that_is_deleted_is_saved_by_nobody(own: Api, boss: Api, shelf: Shelf) -> None:
    movie_id = await shelf.movie("FR", "DE")
    kept = await shelf.movie("FR")
    for one in (movie_id, kept):
        await save(own, one)
    assert (await boss("DELETE", f"/v1/admin/movies/{Entity.MOVIE.public(movie_id)}")).status == 204
    answer = await own("GET", f"{MINE}?country=FR")
    assert (numbers(answer), answer.body["total"]) == ([kept], 1)


FAULTS: list[tuple[Any, set[tuple[str, str]]]] = [
    ({}, {("country", "MISSING_COUNTRY"), ("movie_id", "MISSING_MOVIE_ID")}),
    ({"country": "fr", "movie_id": "1"}, {("country", "INVALID_COUNTRY"), ("movie_id", "INVALID_MOVIE_ID")}),
    ({"country": 33, "movie_id": 1}, {("country", "INVALID_COUNTRY"), ("movie_id", "INVALID_MOVIE_ID")}),
    ({"country": "FR", "movie_id": "gen_1"}, {("movie_id", "INVALID_MOVIE_ID")}),
    (
        {"country": "XK", "movie_id": "mov_1", "note": ""},
        {("country", "INVALID_COUNTRY"), ("note", "UNKNOWN_FIELD")},
    ),
    ([], {("body", "INVALID_BODY")}),
]


async def test_faults(own: Api) -> None:
    for body, expected in FAULTS:
        assert faults(await own("POST", MINE, body)) == expected, body


async def test_parameters_are_unknown_where_a_body_is_sent(own: Api) -> None:
    answer = await own("POST", f"{MINE}?country=FR", {"movie_id": "mov_1"})
    assert faults(answer) == {("country", "MISSING_COUNTRY"), ("country", "UNKNOWN_PARAMETER")}
