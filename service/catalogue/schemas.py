"""What requests for the catalogue ask, and what they are answered."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from asyncpg import Record
from pydantic import ConfigDict, Field

from service.catalogue.bounds import Bound
from service.http.fields import (
    AnswerModel,
    GenreId,
    Metadata,
    MovieId,
    Page,
    PlaceId,
    SessionId,
    Text,
    Timestamp,
)

Sort = Literal["rating", "new", "leaving_soon"]
Airing = Literal["now", "upcoming", "past"]


class MovieQuery(Page):
    """The order of a list of movies, and which of them."""

    sort: Sort = "rating"
    genre: GenreId | None = None
    q: Annotated[Text, Field(min_length=1, max_length=200, examples=["amelie"])] | None = None
    airing: Airing | None = None


class SessionQuery(Page):
    """The bounds on the start of a session, both inclusive."""

    from_: Bound | None = Field(None, alias="from")
    to: Bound | None = None


class AiringDates(AnswerModel):
    """Calendar days, both inclusive."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: date = Field(serialization_alias="from", examples=["2026-06-05"])
    to: date = Field(examples=["2026-07-14"])


class Movie(AnswerModel):
    id: MovieId
    title: str = Field(examples=["Amélie"])
    description: str = Field(examples=["A waitress helps the people around her."])
    poster: str | None = Field(examples=["https://example.com/amelie.jpg"])
    duration: Annotated[int, Field(description="In minutes.", examples=[122])]
    airing_dates: AiringDates | None
    rating: Annotated[float | None, Field(description="The mean, 0 to 5; null without ratings.", examples=[4.25])]

    @classmethod
    def of(cls, row: Record | Mapping[str, Any]) -> Self:
        """The movie of a row of `queries`, or of one with more columns."""
        start, end = row["airing_from"], row["airing_to"]
        return cls(**row, airing_dates=None if start is None else AiringDates(from_=start, to=end))


class MovieAnswer(AnswerModel):
    """One movie."""

    movie: Movie


class MovieList(AnswerModel):
    """A page of movies."""

    movies: Sequence[Movie]
    metadata: Metadata


class Place(AnswerModel):
    id: PlaceId
    name: str = Field(examples=["Lumière Bellecour"])
    address: str = Field(examples=["12 place Bellecour, 69002 Lyon"])


class PlaceList(AnswerModel):
    """A page of places."""

    places: Sequence[Place]
    metadata: Metadata


class SessionStart(AnswerModel):
    id: SessionId
    starts_at: Timestamp


class SessionList(AnswerModel):
    """A page of sessions."""

    sessions: Sequence[SessionStart]
    metadata: Metadata


class MovieTitle(AnswerModel):
    id: MovieId
    title: str = Field(examples=["Amélie"])


class PlaceName(AnswerModel):
    id: PlaceId
    name: str = Field(examples=["Lumière Bellecour"])


class Session(AnswerModel):
    id: SessionId
    movie: MovieTitle
    place: PlaceName
    starts_at: Timestamp
    capacity: int = Field(examples=[180])
    available: Annotated[int, Field(description="Seats neither sold nor held.", examples=[42])]


class SessionAnswer(AnswerModel):
    """One session."""

    session: Session
