"""Genres and actors that go while movies get them, and movies that go while they change."""

import asyncio
from itertools import cycle, islice
from typing import Any

import pytest

from service.postgres import Postgres
from tests.migrations.listings import differences
from tests.service.backoffice.conftest import MOVIE
from tests.service.calls import Answer, Caller

MOVIES = "/v1/admin/movies"


async def add(boss: Caller, path: str, body: dict[str, Any]) -> str:
    answer = await boss.post(f"/v1/admin/{path}", body)
    assert answer.status == 201, answer.body
    [added] = answer.body.values()
    return str(added["id"])


async def later(milliseconds: int, call: Any) -> Answer:
    await asyncio.sleep(milliseconds / 1_000)
    answer: Answer = await call
    return answer


@pytest.mark.parametrize("path", ["genres", "actors"])
async def test_one_is_deleted_while_movies_get_and_lose_it(boss: Caller, postgres: Postgres, path: str) -> None:
    """Failed with the movies not locked first: deadlocks, which Postgres ends after a second each, until it is 503."""
    field = "genres" if path == "genres" else "cast"
    movies = [await add(boss, "movies", MOVIE | {"countries": ["FR"]}) for _ in range(4)]
    for turn, delay in enumerate(islice(cycle(range(4)), 12)):
        doomed, other = [await add(boss, path, {"name": f"{name} {turn}"}) for name in ("Doomed", "Other")]
        for movie in movies[::2]:
            assert (await boss.patch(f"{MOVIES}/{movie}", {field: [doomed, other]})).status == 200
        deleted, *changed = await asyncio.gather(
            later(delay, boss.delete(f"/v1/admin/{path}/{doomed}")),
            *(boss.patch(f"{MOVIES}/{movie}", {field: [other, doomed]}) for movie in movies),
        )
        assert deleted.status == 204
        for answer in changed:
            assert answer.status == 200 or answer.refusal == (422, f"invalid_{field}"), answer.body
        for movie in movies:
            kept = (await boss.get(f"{MOVIES}/{movie}")).body["movie"][field]
            assert doomed not in [one["id"] for one in kept]
    async with postgres.acquire() as connection:
        assert await differences(connection) == []


async def test_a_movie_is_deleted_while_its_countries_and_genres_change(boss: Caller, postgres: Postgres) -> None:
    genre = await add(boss, "genres", {"name": "Drama"})
    for delay in islice(cycle(range(4)), 12):
        movie = await add(boss, "movies", MOVIE | {"countries": ["FR", "BE"], "genres": [genre]})
        deleted, *changed = await asyncio.gather(
            later(delay, boss.delete(f"{MOVIES}/{movie}")),
            boss.patch(f"{MOVIES}/{movie}", {"countries": ["LU"], "year": 1999}),
            boss.patch(f"{MOVIES}/{movie}", {"genres": []}),
        )
        assert deleted.status == 204
        for answer in changed:
            assert answer.status == 200 or answer.refusal == (404, "movie_not_found"), answer.body
    async with postgres.acquire() as connection:
        assert await differences(connection) == []
        assert await connection.fetchval("SELECT count(*) FROM country_counts WHERE movies <> 0") == 0
