"""GET /discovery/v1/users/{user_id}/saved-movies."""

import pytest

from service.ids import Entity
from tests.service.api import Api
from tests.service.discovery.conftest import MINE, Shelf, faults, numbers, save


async def test_the_last_saved_first(own: Api, shelf: Shelf) -> None:
    made = [await shelf.movie("FR", title=f"Movie {year}", year=year) for year in (2003, 2001, 2002)]
    saved = [made[1], made[0], made[2]]
    for movie_id in saved:
        await save(own, movie_id)
    answer = await own("GET", f"{MINE}?country=FR")
    assert numbers(answer) == saved[::-1]
    assert answer.body["data"][0] == {"id": Entity.MOVIE.public(made[2]), "title": "Movie 2002", "year": 2002}
    assert (answer.body["page"], answer.body["page_size"], answer.body["total"]) == (1, 20, 3)
    assert (await own("GET", f"{MINE}?country=FR&sort=-date_added")).body == answer.body
    assert numbers(await own("GET", f"{MINE}?country=FR&sort=date_added")) == saved


async def test_only_what_is_saved_and_available_there(own: Api, shelf: Shelf) -> None:
    french, both, german = await shelf.movie("FR"), await shelf.movie("FR", "DE"), await shelf.movie("DE")
    await shelf.movie("FR")  # saved by nobody
    await save(own, french)
    await save(own, both)
    await save(own, german, "DE")
    for country, expected in (("FR", [both, french]), ("DE", [german, both]), ("AQ", [])):
        answer = await own("GET", f"{MINE}?country={country}")
        assert (numbers(answer), answer.body["total"]) == (expected, len(expected))


async def test_what_is_withdrawn_is_not_listed_until_it_is_back(own: Api, shelf: Shelf) -> None:
    first, second = await shelf.movie("FR", "DE"), await shelf.movie("FR")
    await save(own, first)
    await save(own, second)
    await shelf.withdraw(first, "FR")
    answer = await own("GET", f"{MINE}?country=FR")
    assert (numbers(answer), answer.body["total"]) == ([second], 1)
    assert numbers(await own("GET", f"{MINE}?country=DE")) == [first]
    await shelf.offer(first, "FR")
    answer = await own("GET", f"{MINE}?country=FR")
    assert (numbers(answer), answer.body["total"]) == ([second, first], 2)


async def test_where_it_becomes_available_later(own: Api, shelf: Shelf) -> None:
    movie_id = await shelf.movie("FR")
    await save(own, movie_id)
    await shelf.offer(movie_id, "BE")
    answer = await own("GET", f"{MINE}?country=BE")
    assert (numbers(answer), answer.body["total"]) == ([movie_id], 1)


async def test_everybody_has_a_list_of_their_own(own: Api, boss: Api, shelf: Shelf) -> None:
    mine, theirs = await shelf.movie("FR"), await shelf.movie("FR")
    await save(own, mine)
    await save(boss, theirs)
    assert numbers(await own("GET", f"{MINE}?country=FR")) == [mine]
    assert numbers(await boss("GET", f"{MINE}?country=FR")) == [theirs]


@pytest.mark.parametrize("sort", ["-date_added", "date_added"])
async def test_every_page_of_every_size(own: Api, shelf: Shelf, sort: str) -> None:
    made: list[int] = []
    for number in range(5):
        made.append(await shelf.movie("FR", year=2000 - number))  # noqa: PERF401
    for movie_id in made:
        await save(own, movie_id)
    expected = made if sort == "date_added" else made[::-1]
    for size in range(1, 7):
        found: list[int | None] = []
        for page in range(1, 7):
            answer = await own("GET", f"{MINE}?country=FR&sort={sort}&page={page}&page_size={size}")
            assert answer.body["total"] == len(made)
            found += numbers(answer)
        assert found == expected


async def test_past_the_end(own: Api, shelf: Shelf) -> None:
    await save(own, await shelf.movie("FR"))
    answer = await own("GET", f"{MINE}?country=FR&page=1000000&page_size=100")
    assert answer.body == {"data": [], "page": 1_000_000, "page_size": 100, "total": 1}


async def test_faults(own: Api) -> None:
    assert faults(await own("GET", MINE)) == {("country", "MISSING_COUNTRY")}
    answer = await own("GET", f"{MINE}?country=eu&page=-1&page_size=1e2&sort=year&genre=gen_1")
    assert faults(answer) == {
        ("country", "INVALID_COUNTRY"),
        ("page", "INVALID_PAGE"),
        ("page_size", "INVALID_PAGE_SIZE"),
        ("sort", "INVALID_SORT"),
        ("genre", "UNKNOWN_PARAMETER"),
    }
