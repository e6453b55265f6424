"""A request asks Postgres a number of questions that does not grow with its answer."""

import pytest

from service.ids import Entity
from service.postgres import Postgres
from tests.service.api import Api
from tests.service.discovery.conftest import MINE, Shelf, save
from tests.service.factories import Account
from tests.service.query_log import logged_queries

LISTS = {
    "/discovery/v1/genres?page_size=100": 1,
    "/discovery/v1/countries?page_size=100": 1,
    "/discovery/v1/movies?country=FR&page_size=100": 1,
    "/discovery/v1/movies?country=FR&sort=year&page=2&page_size=10": 1,
    "/discovery/v1/movies?country=FR&genre={genre}&page_size=100": 1,
    "/discovery/v1/movies/{movie}?country=FR": 1,
    f"{MINE}?country=FR&page_size=100": 1,
    f"{MINE.replace('me', '{customer}')}?country=FR&page_size=100": 3,  # two of them for the admin's role and the user
}


@pytest.mark.parametrize(("path", "count"), LISTS.items())
async def test_reading(
    own: Api, boss: Api, customer: Account, shelf: Shelf, postgres: Postgres, path: str, count: int
) -> None:
    genre = await shelf.genre("Comedy")
    movie_id = await shelf.movie("FR", genres=[genre], cast=["Audrey Tautou"])
    await save(own, movie_id)
    path = path.format(
        genre=Entity.GENRE.public(genre), movie=Entity.MOVIE.public(movie_id), customer=customer.public_id
    )
    caller = boss if customer.public_id in path else own
    assert await queries(caller, postgres, path) == count
    for year in range(1990, 2020):
        other = await shelf.genre(f"Genre {year}")
        await save(own, await shelf.movie("FR", "DE", "BE", year=year, genres=[genre, other], cast=["A", "B"]))
    assert await queries(caller, postgres, path) == count


async def queries(api: Api, postgres: Postgres, path: str) -> int:
    async with logged_queries(postgres) as statements:
        assert (await api("GET", path)).status == 200
    return len(statements)


async def test_saving_and_removing(own: Api, shelf: Shelf, postgres: Postgres) -> None:
    for countries in (["FR"], ["FR", "DE", "BE", "US"]):
        movie_id = await shelf.movie(*countries)
        async with logged_queries(postgres) as saving:
            assert (await save(own, movie_id)).status == 201
        async with logged_queries(postgres) as removing:
            assert (await own("DELETE", f"{MINE}/{Entity.MOVIE.public(movie_id)}")).status == 204
        assert (len(saving), len(removing)) == (7, 4)  # with the transaction's beginning and end
