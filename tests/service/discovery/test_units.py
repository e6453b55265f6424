"""Unit tests: what discovery's own functions do, without HTTP around them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.discovery import queries
from service.discovery.saving import save
from service.discovery.schemas import MoviePage, SavedMoviePage
from service.errors import DUPLICATE_SAVE, MOVIE_NOT_FOUND, UNAVAILABLE_IN_COUNTRY, USER_NOT_FOUND, ApiError, ErrorKind
from service.postgres import Connection, Postgres
from tests.service.discovery.conftest import Shelf
from tests.service.factories import Account


@pytest.fixture
async def connection(postgres: Postgres) -> AsyncIterator[Connection]:
    async with postgres.acquire() as connection:
        yield connection


async def refusal(postgres: Postgres, user_id: int, movie_id: int, country: str) -> ErrorKind:
    with pytest.raises(ApiError) as refused:
        await save(postgres, user_id, movie_id, country)
    return refused.value.kind


class TestUnitAvailabilityFilter:
    """A movie is listed in the countries where it is available, and nowhere else."""

    async def listed(self, connection: Connection, **query: Any) -> tuple[list[int], int]:
        rows = await queries.page_of_movies(connection, MoviePage(**query))
        return [row["id"] for row in rows if row["id"] is not None], rows[0]["total"]

    async def test_by_country(self, connection: Connection, shelf: Shelf) -> None:
        french, both, german = await shelf.movie("FR"), await shelf.movie("FR", "DE"), await shelf.movie("DE")
        assert await self.listed(connection, country="FR") == ([french, both], 2)
        assert await self.listed(connection, country="DE") == ([both, german], 2)
        assert await self.listed(connection, country="BE") == ([], 0)

    async def test_by_country_and_genre(self, connection: Connection, shelf: Shelf) -> None:
        comedy, drama = await shelf.genre("Comedy"), await shelf.genre("Drama")
        french, german = await shelf.movie("FR", genres=[comedy]), await shelf.movie("DE", genres=[comedy, drama])
        genre = {name: f"gen_{number}" for name, number in (("comedy", comedy), ("drama", drama))}
        assert await self.listed(connection, country="FR", genre=genre["comedy"]) == ([french], 1)
        assert await self.listed(connection, country="DE", genre=genre["comedy"]) == ([german], 1)
        assert await self.listed(connection, country="FR", genre=genre["drama"]) == ([], 0)

    async def test_a_withdrawal(self, connection: Connection, shelf: Shelf) -> None:
        movie_id = await shelf.movie("FR", "DE")
        await shelf.withdraw(movie_id, "FR")
        assert await self.listed(connection, country="FR") == ([], 0)
        assert await self.listed(connection, country="DE") == ([movie_id], 1)


class TestUnitDuplicateSavePrevention:
    """The primary key decides which of several saves of one movie is the first."""

    async def test_the_second_is_refused(self, postgres: Postgres, shelf: Shelf, customer: Account) -> None:
        movie_id = await shelf.movie("FR", "DE")
        assert (await save(postgres, customer.user_id, movie_id, "FR"))["id"] == movie_id
        for country in ("FR", "DE"):
            assert await refusal(postgres, customer.user_id, movie_id, country) is DUPLICATE_SAVE

    async def test_others_may_save_it(
        self, postgres: Postgres, shelf: Shelf, customer: Account, admin: Account
    ) -> None:
        movie_id = await shelf.movie("FR")
        for user in (customer, admin):
            assert (await save(postgres, user.user_id, movie_id, "FR"))["id"] == movie_id

    async def test_what_cannot_be_saved_at_all(self, postgres: Postgres, shelf: Shelf, customer: Account) -> None:
        movie_id = await shelf.movie("FR")
        assert await refusal(postgres, customer.user_id, movie_id, "DE") is UNAVAILABLE_IN_COUNTRY
        assert await refusal(postgres, customer.user_id, 1, "FR") is MOVIE_NOT_FOUND
        assert await refusal(postgres, 1, movie_id, "FR") is USER_NOT_FOUND


class TestUnitSavedListCountryFilter:
    """A saved movie is listed in the countries where it is available now, wherever it was when it was saved."""

    async def listed(self, connection: Connection, user: Account, country: str) -> tuple[list[int], int]:
        rows = await queries.page_of_saved_movies(connection, user.user_id, SavedMoviePage(country=country))
        return [row["id"] for row in rows if row["id"] is not None], rows[0]["total"]

    async def test_by_country(
        self, connection: Connection, postgres: Postgres, shelf: Shelf, customer: Account
    ) -> None:
        french, both = await shelf.movie("FR"), await shelf.movie("FR", "DE")
        for movie_id in (french, both):
            await save(postgres, customer.user_id, movie_id, "FR")
        assert await self.listed(connection, customer, "FR") == ([both, french], 2)
        assert await self.listed(connection, customer, "DE") == ([both], 1)
        assert await self.listed(connection, customer, "BE") == ([], 0)

    async def test_as_availability_changes(
        self, connection: Connection, postgres: Postgres, shelf: Shelf, customer: Account
    ) -> None:
        movie_id = await shelf.movie("FR")
        await save(postgres, customer.user_id, movie_id, "FR")
        await shelf.offer(movie_id, "DE")
        await shelf.withdraw(movie_id, "FR")
        assert await self.listed(connection, customer, "FR") == ([], 0)
        assert await self.listed(connection, customer, "DE") == ([movie_id], 1)

    async def test_by_user(
        self, connection: Connection, postgres: Postgres, shelf: Shelf, customer: Account, admin: Account
    ) -> None:
        movie_id = await shelf.movie("FR")
        await save(postgres, customer.user_id, movie_id, "FR")
        assert await self.listed(connection, admin, "FR") == ([], 0)
