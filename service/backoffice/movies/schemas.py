"""What staff send about movies, and what they are answered."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import MISSING, Field

from service.backoffice.fields import Change
from service.catalogue.schemas import Movie
from service.http.fields import STORABLE, WHOLE, AnswerModel, Metadata, RequestModel, Text, Timestamp

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


class NewMovie(RequestModel):
    """A movie to add to the catalogue."""

    title: Title
    description: Description
    poster: Poster | None = None
    duration: Duration
    year: Year


class MovieChange(Change):
    """The fields of the movie to change; those left out stay."""

    title: Title | MISSING = MISSING
    description: Description | MISSING = MISSING
    poster: Poster | MISSING | None = MISSING
    duration: Duration | MISSING = MISSING
    year: Year | MISSING = MISSING


class StaffMovie(Movie):
    year: int = Field(examples=[2001])
    created_at: Timestamp


class StaffMovieAnswer(AnswerModel):
    """One movie."""

    movie: StaffMovie


class StaffMovieList(AnswerModel):
    """A page of movies."""

    movies: Sequence[StaffMovie]
    metadata: Metadata
