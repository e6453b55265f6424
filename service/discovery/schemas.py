"""What requests for discovery ask, and what they are answered."""

from collections.abc import Sequence
from typing import Annotated, Generic, Self, TypeVar

from asyncpg import Record
from pydantic import Field

from service.countries import CountryCode, KnownCountry
from service.discovery.statements import MovieSort, SavedSort
from service.http.fields import (
    QUERY_INTEGER,
    ActorId,
    AnswerModel,
    GenreId,
    MovieId,
    QueryModel,
    RequestModel,
)

Item = TypeVar("Item", bound=AnswerModel)


class NumberedPage(QueryModel):
    """The query of every list: which page of how many rows each."""

    page: Annotated[int, Field(ge=1, le=1_000_000, examples=[1]), QUERY_INTEGER] = 1
    page_size: Annotated[int, Field(ge=1, le=100, examples=[20]), QUERY_INTEGER] = 20

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * self.page_size


class MoviePage(NumberedPage):
    country: KnownCountry
    genre: GenreId | None = None
    sort: MovieSort = "-year"


class SavedMoviePage(NumberedPage):
    country: KnownCountry
    sort: SavedSort = "-date_added"


class Whereabouts(QueryModel):
    """The country in which a movie should be available."""

    country: KnownCountry | None = None


class NewSave(RequestModel):
    """The movie to save, and the country in which it is available."""

    country: KnownCountry
    movie_id: MovieId


class PageOf(AnswerModel, Generic[Item]):
    """A page of a list. Past the end `data` is empty; `total` is exact all the same."""

    data: Sequence[Item]
    page: int = Field(examples=[1])
    page_size: int = Field(examples=[20])
    total: int = Field(examples=[123])

    @classmethod
    def of(cls, query: NumberedPage, rows: Sequence[Record], item: type[Item]) -> Self:
        """The page that `query` asked for, of rows as `statements` gives them."""
        data = [item(**row) for row in rows if row["id"] is not None]
        return cls(data=data, page=query.page, page_size=query.page_size, total=rows[0]["total"])


class Genre(AnswerModel):
    id: GenreId
    name: str = Field(examples=["Comedy"])


class Country(AnswerModel):
    code: CountryCode
    name: str = Field(examples=["France"])


class Actor(AnswerModel):
    id: ActorId
    name: str = Field(examples=["Audrey Tautou"])


class Movie(AnswerModel):
    id: MovieId
    title: str = Field(examples=["Amélie"])
    year: int = Field(examples=[2001])


class MovieDetail(Movie):
    """A movie with its genres, its cast and where it is available."""

    description: str = Field(examples=["A waitress helps the people around her."])
    poster: str | None = Field(examples=["https://example.com/amelie.jpg"])
    genres: Sequence[Genre] = Field(description="By name.")
    cast: Sequence[Actor] = Field(description="In the order of the credits.")
    countries: Sequence[CountryCode] = Field(description="Where it is available, by code.")

    @classmethod
    def of(cls, row: Record) -> Self:
        """The movie of `queries.movie`."""
        named = {
            "genres": [Genre(id=id_, name=name) for id_, name in row["genres"]],
            "cast": [Actor(id=id_, name=name) for id_, name in row["cast"]],
        }
        return cls(**{**row, **named})


class GenreList(PageOf[Genre]):
    """A page of genres."""


class CountryList(PageOf[Country]):
    """A page of countries."""


class MovieList(PageOf[Movie]):
    """A page of movies."""
