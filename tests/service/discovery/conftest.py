"""Movies in countries, and callers of the discovery API."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from tests.service.api import Answer, Api, anonymous, as_user
from tests.service.conftest import Client
from tests.service.factories import Account, Factory

MINE = "/discovery/v1/users/me/saved-movies"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Puts movies where discovery finds them. Movies and genres are known by their numbers."""

    factory: Factory
    resources: Resources

    async def genre(self, name: str) -> int:
        genre_id = self.resources.ids.next()
        await self._execute("INSERT INTO genres (id, name) VALUES ($1, $2)", genre_id, name)
        return genre_id

    async def movie(
        self,
        *countries: str,
        title: str = "Amélie",
        year: int = 2001,
        genres: Iterable[int] = (),
        cast: Iterable[str] = (),
    ) -> int:
        """A movie that is available in `countries`."""
        movie_id = await self.factory.movie(title, year=year)
        await self.offer(movie_id, *countries)
        for genre_id in genres:
            await self._execute("INSERT INTO movie_genres (movie_id, genre_id) VALUES ($1, $2)", movie_id, genre_id)
        for position, name in enumerate(cast):
            actor_id = self.resources.ids.next()
            await self._execute("INSERT INTO actors (id, name) VALUES ($1, $2)", actor_id, name)
            await self._execute("INSERT INTO movie_cast VALUES ($1, $2, $3)", movie_id, actor_id, position)
        return movie_id

    async def offer(self, movie_id: int, *countries: str) -> None:
        """Make the movie available in more countries."""
        for country in countries:
            await self._execute(
                "INSERT INTO movie_availability (movie_id, country_code) VALUES ($1, $2)", movie_id, country
            )

    async def withdraw(self, movie_id: int, country: str) -> None:
        """Make the movie unavailable in the country."""
        await self._execute(
            "DELETE FROM movie_availability WHERE movie_id = $1 AND country_code = $2", movie_id, country
        )

    async def _execute(self, statement: str, *values: object) -> None:
        async with self.resources.postgres.acquire() as connection:
            await connection.execute(statement, *values)


@pytest.fixture
def shelf(factory: Factory, resources: Resources) -> Shelf:
    return Shelf(factory, resources)


@pytest.fixture
def api(client: Client) -> Api:
    """Calls without a token."""
    return anonymous(client)


@pytest.fixture
def own(client: Client, customer: Account) -> Api:
    """The customer's calls."""
    return as_user(client, customer)


@pytest.fixture
def boss(client: Client, admin: Account) -> Api:
    """The admin's calls."""
    return as_user(client, admin)


def error(answer: Answer) -> tuple[int, str]:
    """Status and code of the error, which has what every error of the discovery API has."""
    assert set(answer.body) == {"error"}, answer.body
    assert set(answer.body["error"]) == {"code", "message", "details"}
    assert answer.body["error"]["message"].endswith(".")
    return answer.status, answer.body["error"]["code"]


def faults(answer: Answer) -> set[tuple[str, str]]:
    """Field and code of every fault in the input."""
    assert error(answer) == (422, "VALIDATION_ERROR")
    [(name, listed)] = answer.body["error"]["details"].items()
    assert name == "errors"
    assert all(set(fault) == {"field", "code", "message"} for fault in listed)
    return {(fault["field"], fault["code"]) for fault in listed}


def numbers(answer: Answer) -> list[int | None]:
    """The movies of a list."""
    assert answer.status == 200, answer.body
    return [Entity.MOVIE.number(movie["id"]) for movie in answer.body["data"]]


async def save(own: Api, movie_id: int, country: str = "FR", path: str = MINE) -> Answer:
    return await own("POST", path, {"country": country, "movie_id": Entity.MOVIE.public(movie_id)})


async def saved_rows(postgres: Postgres) -> set[tuple[Any, ...]]:
    """User and movie of every save."""
    async with postgres.acquire() as connection:
        return {tuple(row) for row in await connection.fetch("SELECT user_id, movie_id FROM saved_movies")}
