"""GET /discovery/v1/movies/{movie_id}."""

from service.ids import Entity
from tests.service.api import Api
from tests.service.discovery.conftest import Shelf, error, faults

PATH = "/discovery/v1/movies"


async def test_all_that_is_known(api: Api, shelf: Shelf) -> None:
    drama, comedy = await shelf.genre("drama"), await shelf.genre("Comedy")
    movie_id = await shelf.movie(
        "US", "FR", title="Amélie", year=2001, genres=[drama, comedy], cast=["Zoé Félix", "Audrey Tautou"]
    )
    public = Entity.MOVIE.public(movie_id)
    answer = await api("GET", f"{PATH}/{public}")
    assert answer.status == 200
    assert [actor["name"] for actor in answer.body.pop("cast")] == ["Zoé Félix", "Audrey Tautou"]
    assert answer.body == {
        "id": public,
        "title": "Amélie",
        "year": 2001,
        "description": "Somebody helps.",
        "poster": None,
        "genres": [
            {"id": Entity.GENRE.public(comedy), "name": "Comedy"},
            {"id": Entity.GENRE.public(drama), "name": "drama"},
        ],
        "countries": ["FR", "US"],
    }


async def test_actors_have_ids(api: Api, shelf: Shelf) -> None:
    movie_id = await shelf.movie(cast=["Audrey Tautou"])
    [actor] = (await api("GET", f"{PATH}/{Entity.MOVIE.public(movie_id)}")).body["cast"]
    assert Entity.ACTOR.number(actor["id"])


async def test_little_that_is_known(api: Api, shelf: Shelf) -> None:
    answer = await api("GET", f"{PATH}/{Entity.MOVIE.public(await shelf.movie())}")
    assert (answer.body["genres"], answer.body["cast"], answer.body["countries"]) == ([], [], [])


async def test_where_it_is_available_and_where_not(api: Api, shelf: Shelf) -> None:
    path = f"{PATH}/{Entity.MOVIE.public(await shelf.movie('FR'))}"
    available = await api("GET", f"{path}?country=FR")
    assert (available.status, available.body) == (200, (await api("GET", path)).body)
    assert error(await api("GET", f"{path}?country=DE")) == (422, "UNAVAILABLE_IN_COUNTRY")


async def test_no_such_movie(api: Api) -> None:
    for movie in ("mov_1", "mov_x", "gen_1", "1", "mov_01", "mov_9223372036854775808"):
        for query in ("", "?country=FR"):
            assert error(await api("GET", f"{PATH}/{movie}{query}")) == (404, "MOVIE_NOT_FOUND")


async def test_faults(api: Api, shelf: Shelf) -> None:
    path = f"{PATH}/{Entity.MOVIE.public(await shelf.movie('FR'))}"
    answer = await api("GET", f"{path}?country=fr&page=1")
    assert faults(answer) == {("country", "INVALID_COUNTRY"), ("page", "UNKNOWN_PARAMETER")}
