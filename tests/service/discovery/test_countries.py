"""GET /discovery/v1/countries, and which countries there are."""

import pytest

from service.countries import NAMES
from tests.service.api import Api
from tests.service.discovery.conftest import Shelf

PATH = "/discovery/v1/countries"


async def test_those_that_have_movies(api: Api, shelf: Shelf) -> None:
    movie_id = await shelf.movie("US", "FR")
    await shelf.movie("FR", "CI")
    await shelf.withdraw(movie_id, "US")
    answer = await api("GET", PATH)
    assert answer.status == 200
    assert answer.body == {
        "data": [{"code": "CI", "name": "Côte d'Ivoire"}, {"code": "FR", "name": "France"}],
        "page": 1,
        "page_size": 20,
        "total": 2,
    }


async def test_pages(api: Api, shelf: Shelf) -> None:
    await shelf.movie(*NAMES)
    found = []
    for page in (1, 2, 3, 4):
        answer = await api("GET", f"{PATH}?page={page}&page_size=100")
        assert answer.body["total"] == len(NAMES)
        found += [country["code"] for country in answer.body["data"]]
    assert found == sorted(NAMES)


async def test_codes_that_are_no_countries_are_not_listed(api: Api, shelf: Shelf) -> None:
    await shelf.movie("XX", "ZZ")
    assert (await api("GET", PATH)).body == {"data": [], "page": 1, "page_size": 20, "total": 0}


def test_the_full_official_list() -> None:
    assert len(NAMES) == 249
    assert {"AX", "BQ", "CW", "SS", "TL"} <= NAMES.keys()
    assert not {"XK", "UK", "EU", "AN", "SU", "YU", "fr"} & NAMES.keys()


@pytest.mark.parametrize(("code", "name"), [("KR", "South Korea"), ("BO", "Bolivia"), ("AX", "Åland Islands")])
def test_names_are_those_that_people_use(code: str, name: str) -> None:
    assert NAMES[code] == name
