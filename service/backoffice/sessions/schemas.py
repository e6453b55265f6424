"""What staff send about sessions, and what they are answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from asyncpg import Record
from pydantic import MISSING, AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from service.backoffice.fields import Change
from service.catalogue.bounds import parse_moment
from service.catalogue.schemas import MovieTitle, PlaceName
from service.http.fields import (
    WHOLE,
    AnswerModel,
    Metadata,
    MovieId,
    Page,
    PlaceId,
    RequestModel,
    SessionId,
    Timestamp,
)

FIRST_YEAR, LAST_YEAR = 1900, 2200


def _conceivable(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise PydanticCustomError("moment", "The session must start in the years 1900 to 2200.")
    return moment


StartsAt = Annotated[
    datetime,
    PlainValidator(parse_moment),
    AfterValidator(_conceivable),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-06-05T20:00:00+02:00"]}),
]
Price = Annotated[int, Field(ge=0, le=10_000_000, description="Of one seat, in cents.", examples=[1_250]), WHOLE]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["EUR"])]


class NewSession(RequestModel):
    """A session to add to the schedule."""

    movie_id: MovieId
    place_id: PlaceId
    starts_at: StartsAt
    price: Price
    currency: Currency = "EUR"


class SessionChange(Change):
    """The fields of the session to change; those left out stay."""

    movie_id: MovieId | MISSING = MISSING
    place_id: PlaceId | MISSING = MISSING
    starts_at: StartsAt | MISSING = MISSING
    price: Price | MISSING = MISSING
    currency: Currency | MISSING = MISSING


class StaffSessionQuery(Page):
    """Which sessions are listed."""

    movie: MovieId | None = None
    place: PlaceId | None = None


class StaffSession(AnswerModel):
    id: SessionId
    movie_id: MovieId
    movie: MovieTitle
    place_id: PlaceId
    place: PlaceName
    starts_at: Timestamp
    ends_at: Timestamp = Field(examples=["2026-06-05T20:02:00.000Z"])
    price: Price
    currency: str = Field(examples=["EUR"])
    capacity: int = Field(examples=[180])
    sold: int = Field(examples=[42])
    numbered: bool = Field(description="Whether it is sold by a seat plan.", examples=[False])
    cancelled_at: Timestamp | None = Field(examples=[None])
    created_at: Timestamp

    @classmethod
    def of(cls, row: Record) -> Self:
        """The session of a row of `catalogue.queries`."""
        movie = MovieTitle(id=row["movie_id"], title=row["movie_title"])
        return cls(**row, movie=movie, place=PlaceName(id=row["place_id"], name=row["place_name"]))


class StaffSessionAnswer(AnswerModel):
    """One session."""

    session: StaffSession


class StaffSessionList(AnswerModel):
    """A page of sessions."""

    sessions: Sequence[StaffSession]
    metadata: Metadata
