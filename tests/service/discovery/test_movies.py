"""GET /discovery/v1/movies."""

import pytest

from service.ids import Entity
from tests.service.api import Api
from tests.service.discovery.conftest import Shelf, error, faults, numbers

PATH = "/discovery/v1/movies"


async def test_the_newest_first_ties_by_id(api: Api, shelf: Shelf) -> None:
    years = (1999, 2001, 1999, 2024, 2001)
    made = [await shelf.movie("FR", title=f"Movie {year}", year=year) for year in years]
    answer = await api("GET", f"{PATH}?country=FR")
    assert numbers(answer) == [made[3], made[1], made[4], made[0], made[2]]
    assert answer.body["data"][0] == {"id": Entity.MOVIE.public(made[3]), "title": "Movie 2024", "year": 2024}
    assert (answer.body["page"], answer.body["page_size"], answer.body["total"]) == (1, 20, 5)
    assert (await api("GET", f"{PATH}?country=FR&sort=-year")).body == answer.body


async def test_the_oldest_first_ties_by_id(api: Api, shelf: Shelf) -> None:
    made = [await shelf.movie("FR", year=year) for year in (2001, 1999, 2001, 1999)]
    answer = await api("GET", f"{PATH}?country=FR&sort=year")
    assert numbers(answer) == [made[1], made[3], made[0], made[2]]


async def test_only_what_is_available_there(api: Api, shelf: Shelf) -> None:
    french, both, nowhere = await shelf.movie("FR"), await shelf.movie("DE", "FR"), await shelf.movie()
    answers = {country: await api("GET", f"{PATH}?country={country}") for country in ("FR", "DE", "AQ")}
    assert {country: numbers(answer) for country, answer in answers.items()} == {
        "FR": [french, both],
        "DE": [both],
        "AQ": [],
    }
    assert [answer.body["total"] for answer in answers.values()] == [2, 1, 0]
    assert nowhere not in numbers(answers["FR"])


async def test_what_is_withdrawn_is_gone_and_may_come_back(api: Api, shelf: Shelf) -> None:
    movie_id = await shelf.movie("FR", "DE")
    await shelf.withdraw(movie_id, "FR")
    answer = await api("GET", f"{PATH}?country=FR")
    assert (answer.body["data"], answer.body["total"]) == ([], 0)
    await shelf.offer(movie_id, "FR")
    answer = await api("GET", f"{PATH}?country=FR")
    assert (numbers(answer), answer.body["total"]) == ([movie_id], 1)


async def test_of_a_genre(api: Api, shelf: Shelf) -> None:
    comedy, drama = await shelf.genre("Comedy"), await shelf.genre("Drama")
    both = await shelf.movie("FR", year=2000, genres=[comedy, drama])
    funny = await shelf.movie("FR", year=2010, genres=[comedy])
    await shelf.movie("DE", genres=[comedy])
    await shelf.movie("FR")
    for genre_id, expected in ((comedy, [funny, both]), (drama, [both])):
        answer = await api("GET", f"{PATH}?country=FR&genre={Entity.GENRE.public(genre_id)}")
        assert (numbers(answer), answer.body["total"]) == (expected, len(expected))
    answer = await api("GET", f"{PATH}?country=FR&sort=year&genre={Entity.GENRE.public(comedy)}")
    assert numbers(answer) == [both, funny]
    answer = await api("GET", f"{PATH}?country=AQ&genre={Entity.GENRE.public(comedy)}")
    assert (answer.body["data"], answer.body["total"]) == ([], 0)


@pytest.mark.parametrize("of_genre", [False, True])
@pytest.mark.parametrize("sort", ["-year", "year"])
async def test_every_page_of_every_size(api: Api, shelf: Shelf, sort: str, of_genre: bool) -> None:
    """The pages laid together are the list, wherever they begin and end within and between the years."""
    genre = await shelf.genre("Comedy")
    years = [2003, 2001, 2001, 2003, 2001, 2002, 2001, 1950]
    made = {await shelf.movie("FR", year=year, genres=[genre] if of_genre else []): year for year in years}
    await shelf.movie("DE", year=2001, genres=[genre])
    if of_genre:
        await shelf.movie("FR", year=2001)
    sign = 1 if sort == "year" else -1
    expected = sorted(made, key=lambda movie_id: (sign * made[movie_id], movie_id))
    query = f"country=FR&sort={sort}" + (f"&genre={Entity.GENRE.public(genre)}" if of_genre else "")
    for size in range(1, 10):
        found: list[int | None] = []
        for page in range(1, 10):
            answer = await api("GET", f"{PATH}?{query}&page={page}&page_size={size}")
            assert answer.body["total"] == len(years)
            assert len(answer.body["data"]) == max(0, min(size, len(years) - (page - 1) * size))
            found += numbers(answer)
        assert found == expected[: 9 * size]


async def test_another_year_moves_the_movie(api: Api, shelf: Shelf) -> None:
    first, second = await shelf.movie("FR", year=2001), await shelf.movie("FR", year=2002)
    async with shelf.resources.postgres.acquire() as connection:
        await connection.execute("UPDATE movies SET year = 2003 WHERE id = $1", first)
    answer = await api("GET", f"{PATH}?country=FR")
    assert [(movie["id"], movie["year"]) for movie in answer.body["data"]] == [
        (Entity.MOVIE.public(first), 2003),
        (Entity.MOVIE.public(second), 2002),
    ]
    assert answer.body["total"] == 2


async def test_past_the_end(api: Api, shelf: Shelf) -> None:
    await shelf.movie("FR")
    answer = await api("GET", f"{PATH}?country=FR&page=1000000&page_size=100")
    assert answer.body == {"data": [], "page": 1_000_000, "page_size": 100, "total": 1}


async def test_an_unknown_genre(api: Api, shelf: Shelf) -> None:
    await shelf.movie("FR")
    for query in (
        "country=FR&genre=gen_1",
        "country=FR&genre=gen_1&page=9",
        "country=AQ&genre=gen_9223372036854775807",
    ):
        assert error(await api("GET", f"{PATH}?{query}")) == (404, "GENRE_NOT_FOUND")


FAULTS: list[tuple[str, set[tuple[str, str]]]] = [
    ("", {("country", "MISSING_COUNTRY")}),
    ("country=fr", {("country", "INVALID_COUNTRY")}),
    ("country=XK", {("country", "INVALID_COUNTRY")}),
    ("country=FRA", {("country", "INVALID_COUNTRY")}),
    ("country=", {("country", "INVALID_COUNTRY")}),
    ("country=FR&country=FR", {("country", "INVALID_COUNTRY")}),
    ("country=FR&genre=comedy", {("genre", "INVALID_GENRE")}),
    ("country=FR&genre=mov_1", {("genre", "INVALID_GENRE")}),
    ("country=FR&sort=title", {("sort", "INVALID_SORT")}),
    ("country=FR&page=0", {("page", "INVALID_PAGE")}),
    ("country=FR&page=1000001", {("page", "INVALID_PAGE")}),
    ("country=FR&page=99999999999999999999", {("page", "INVALID_PAGE")}),
    ("country=FR&page=1.0", {("page", "INVALID_PAGE")}),
    ("country=FR&page_size=0", {("page_size", "INVALID_PAGE_SIZE")}),
    ("country=FR&page_size=101", {("page_size", "INVALID_PAGE_SIZE")}),
    ("country=FR&limit=5", {("limit", "UNKNOWN_PARAMETER")}),
    (
        "genre=1&page=x&page_size=&sort=YEAR&Country=FR",
        {
            ("country", "MISSING_COUNTRY"),
            ("genre", "INVALID_GENRE"),
            ("page", "INVALID_PAGE"),
            ("page_size", "INVALID_PAGE_SIZE"),
            ("sort", "INVALID_SORT"),
            ("Country", "UNKNOWN_PARAMETER"),
        },
    ),
]


async def test_faults(api: Api) -> None:
    for query, expected in FAULTS:
        assert faults(await api("GET", f"{PATH}?{query}")) == expected, query
