"""GET /discovery/v1/genres."""

from service.ids import Entity
from tests.service.api import Api
from tests.service.discovery.conftest import Shelf, faults

PATH = "/discovery/v1/genres"


async def test_by_name_whatever_its_case(api: Api, shelf: Shelf) -> None:
    made = {name: await shelf.genre(name) for name in ("western", "Comedy", "drama")}
    answer = await api("GET", PATH)
    assert answer.status == 200
    assert answer.body == {
        "data": [{"id": Entity.GENRE.public(made[name]), "name": name} for name in ("Comedy", "drama", "western")],
        "page": 1,
        "page_size": 20,
        "total": 3,
    }


async def test_pages(api: Api, shelf: Shelf) -> None:
    for number in range(5):
        await shelf.genre(f"Genre {number}")
    found = []
    for page in (1, 2, 3):
        answer = await api("GET", f"{PATH}?page={page}&page_size=2")
        assert (answer.body["page"], answer.body["page_size"], answer.body["total"]) == (page, 2, 5)
        found.append([genre["name"] for genre in answer.body["data"]])
    assert found == [["Genre 0", "Genre 1"], ["Genre 2", "Genre 3"], ["Genre 4"]]


async def test_past_the_end(api: Api, shelf: Shelf) -> None:
    await shelf.genre("Comedy")
    for page in (2, 1_000_000):
        answer = await api("GET", f"{PATH}?page={page}&page_size=100")
        assert answer.body == {"data": [], "page": page, "page_size": 100, "total": 1}


async def test_none(api: Api) -> None:
    assert (await api("GET", PATH)).body == {"data": [], "page": 1, "page_size": 20, "total": 0}


async def test_faults(api: Api) -> None:
    answer = await api("GET", f"{PATH}?page=0&page_size=101&name=a")
    assert faults(answer) == {
        ("page", "INVALID_PAGE"),
        ("page_size", "INVALID_PAGE_SIZE"),
        ("name", "UNKNOWN_PARAMETER"),
    }
