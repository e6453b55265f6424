"""What staff send about movies, and what they are answered."""

from collections.abc import Sequence
from typing import Annotated, Self

from asyncpg import Record
from pydantic import MISSING, Field

from service.backoffice.actors.schemas import Actor
from service.backoffice.fields import Change
from service.backoffice.genres.schemas import Genre
from service.catalogue.schemas import Movie
from service.countries import CountryCode, KnownCountry
from service.http.fields import (
    STORABLE,
    WHOLE,
    ActorId,
    AnswerModel,
    GenreId,
    Metadata,
    RequestModel,
    Text,
    Timestamp,
)

Title = Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S", examples=["Amélie"]), STORABLE]
Description = Annotated[Text, Field(max_length=10_000, examples=["A waitress helps the people around her."])]
Poster = Annotated[
    str,
    Field(
        max_length=2_000,
        pattern=r"^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#]\S*)?$",
        description="An http or https URL.",
        examples=["https://example.com/amelie.jpg"],
    ),
    STORABLE,
]
Duration = Annotated[int, Field(ge=1, le=1_000, description="In minutes.", examples=[122]), WHOLE]
Year = Annotated[int, Field(ge=1870, le=2200, description="Of the first release.", examples=[2001]), WHOLE]
Genres = Annotated[Sequence[GenreId], Field(max_length=50)]
Cast = Annotated[Sequence[ActorId], Field(max_length=500, description="In the order of the credits.")]
Countries = Annotated[Sequence[KnownCountry], Field(max_length=300, description="Where the movie can be seen.")]


class MovieFields(RequestModel):
    """A movie by itself."""

    title: Title
    description: Description
    poster: Poster | None = None
    duration: Duration
    year: Year


class NewMovie(MovieFields):
    """A movie to add to the catalogue."""

    genres: Genres = ()
    cast: Cast = ()
    countries: Countries = ()


class MovieChange(Change):
    """The fields of the movie to change; those left out stay."""

    title: Title | MISSING = MISSING
    description: Description | MISSING = MISSING
    poster: Poster | MISSING | None = MISSING
    duration: Duration | MISSING = MISSING
    year: Year | MISSING = MISSING
    genres: Genres | MISSING = MISSING
    cast: Cast | MISSING = MISSING
    countries: Countries | MISSING = MISSING


class StaffMovie(Movie):
    year: int = Field(examples=[2001])
    genres: Sequence[Genre] = Field(description="By name.")
    cast: Sequence[Actor] = Field(description="In the order of the credits.")
    countries: Sequence[CountryCode]
    created_at: Timestamp

    @classmethod
    def of_rows(cls, row: Record, facets: Record) -> Self:
        """The movie of a row of `catalogue.queries` and one of `facets.facets_of`."""
        genres = [Genre(id=number, name=name) for number, name in facets["genres"]]
        cast = [Actor(id=number, name=name) for number, name in facets["cast"]]
        return cls.of({**row, "genres": genres, "cast": cast, "countries": facets["countries"]})


class StaffMovieAnswer(AnswerModel):
    """One movie."""

    movie: StaffMovie


class StaffMovieList(AnswerModel):
    """A page of movies."""

    movies: Sequence[StaffMovie]
    metadata: Metadata
