"""A caller without an account, and rows of the catalogue."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.ids import Entity
from service.postgres import Postgres
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account, Factory, Showing

NewSession = Callable[..., Awaitable[Showing]]
NewMovie = Callable[..., Awaitable[int]]
NewPlace = Callable[..., Awaitable[int]]
PARIS = ZoneInfo("Europe/Paris")


def paris_day(days: int) -> date:
    """The calendar day in Paris that many days from now."""
    return (datetime.now(PARIS) + timedelta(days=days)).date()


def at_noon(day: date) -> datetime:
    """Noon of that day in Paris."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=PARIS).astimezone(UTC)


@pytest.fixture
def visitor(client: Client) -> Caller:
    return Caller(client)


@pytest.fixture
def rate(postgres: Postgres, factory: Factory) -> Callable[..., Awaitable[None]]:
    """Ratings of a movie by as many new customers."""

    async def rate(movie_id: int, *values: float) -> None:
        for value in values:
            account: Account = await factory.user()
            async with postgres.acquire() as connection:
                await connection.execute(
                    "INSERT INTO ratings (id, user_id, movie_id, value) VALUES ($1, $1, $2, $3::float)",
                    account.user_id,
                    movie_id,
                    value,
                )

    return rate


@pytest.fixture
def airing(new_movie: NewMovie, new_session: NewSession) -> Callable[..., Awaitable[int]]:
    """A movie with sessions at noon of days counted from today; without any when there are none."""

    async def airing(title: str, *days: int) -> int:
        movie_id = await new_movie(title)
        for days_from_now in days:
            await new_session(movie_id=movie_id, starts_at=at_noon(paris_day(days_from_now)))
        return movie_id

    return airing


def movie(number: int) -> str:
    return Entity.MOVIE.public(number)
