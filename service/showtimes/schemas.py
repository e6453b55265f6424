"""What requests for the programme ask, and what they are answered."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from service.catalogue.bounds import Day
from service.catalogue.schemas import MovieTitle, PlaceName
from service.http.fields import AnswerModel, GenreId, Metadata, MovieId, Page, PlaceId, SessionId, Timestamp


class ShowtimeQuery(Page):
    """The day, and which of its sessions."""

    date: Day | None = Field(None, description="The calendar day of the start at its place; without it, today.")
    place: PlaceId | None = None
    movie: MovieId | None = None
    genre: GenreId | None = None


class Showtime(AnswerModel):
    id: SessionId
    movie: MovieTitle
    place: PlaceName
    starts_at: Timestamp
    ends_at: Timestamp = Field(examples=["2026-06-05T20:02:00.000Z"])
    price: Annotated[int, Field(description="Of one seat, in cents.", examples=[1_250])]
    currency: str = Field(examples=["EUR"])
    available: Annotated[int, Field(description="Seats neither sold nor held.", examples=[42])]


class ShowtimeList(AnswerModel):
    """A page of the day's programme."""

    showtimes: Sequence[Showtime]
    metadata: Metadata
