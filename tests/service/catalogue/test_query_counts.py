"""A request asks Postgres a number of questions that does not grow with its answer."""

import pytest

from service.ids import Entity
from service.postgres import Postgres
from tests.service.calls import Caller
from tests.service.catalogue.conftest import NewMovie, NewPlace, NewSession
from tests.service.conftest import Client
from tests.service.factories import Account
from tests.service.query_log import logged_queries

PATHS = {
    "/v1/movies": 1,
    "/v1/movies?sort=new&q=amelie&airing=upcoming&genre=gen_1": 2,  # one for words that many movies have
    "/v1/movies/{movie}": 1,
    "/v1/movies/{movie}/places": 2,
    "/v1/movies/{movie}/places/{place}/sessions": 2,
    "/v1/sessions/{session}": 1,
    "/v1/admin/places": 2,  # one of them for the caller's role
    "/v1/admin/movies": 3,
    "/v1/admin/genres": 2,
    "/v1/admin/actors": 2,
    "/v1/admin/users": 2,
    "/v1/admin/sessions": 2,
    "/v1/admin/movies/{movie}": 3,
    "/v1/admin/places/{place}": 2,
    "/v1/admin/sessions/{session}": 2,
}


@pytest.mark.parametrize(("path", "count"), PATHS.items())
async def test_the_number_of_queries_is_constant(
    client: Client,
    admin: Account,
    postgres: Postgres,
    new_movie: NewMovie,
    new_place: NewPlace,
    new_session: NewSession,
    path: str,
    count: int,
) -> None:
    movie_id, place_id = await new_movie(), await new_place()
    showing = await new_session(movie_id=movie_id, place_id=place_id)
    path = path.format(
        movie=Entity.MOVIE.public(movie_id), place=Entity.PLACE.public(place_id), session=showing.session
    )
    assert await queries(client, admin, postgres, path) == count
    for _ in range(30):
        await new_session(movie_id=movie_id)
        await new_session()
    assert await queries(client, admin, postgres, path) == count


async def queries(client: Client, admin: Account, postgres: Postgres, path: str) -> int:
    async with logged_queries(postgres) as statements:
        assert (await Caller(client, admin).get(path)).status == 200
    return len(statements)
