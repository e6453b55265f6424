"""What staff ask about reservations, and what they are answered."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from asyncpg import Record
from pydantic import MISSING, ConfigDict, Field

from service.catalogue.bounds import Day
from service.catalogue.schemas import MovieTitle, PlaceName
from service.http.fields import (
    AnswerModel,
    BookingId,
    Metadata,
    MovieId,
    Page,
    PlaceId,
    RequestModel,
    SessionId,
    Text,
    Timestamp,
    UserId,
)
from service.seats.schemas import SeatLabel, Total

Status = Literal["confirmed", "completed", "cancelled"]
_NUMBERED = ("seat_labels", "total")
"""What only reservations of numbered seats have."""


class ReservationQuery(Page):
    """Which reservations are listed. The days are those of the session at its place, both inclusive."""

    session: SessionId | None = None
    movie: MovieId | None = None
    place: PlaceId | None = None
    email: Annotated[Text, Field(min_length=1, max_length=254, examples=["ada@example.com"])] | None = None
    status: Status | None = Field(None, examples=["confirmed"])
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None


class Refund(RequestModel):
    """Why a reservation is cancelled."""

    note: Annotated[Text, Field(max_length=1_000, examples=["The projector broke."])] | None = None


class Customer(AnswerModel):
    id: UserId
    email: str | None = Field(description="Null once the account is erased.", examples=["ada@example.com"])


class StaffReservation(AnswerModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    id: BookingId
    user: Customer
    session_id: SessionId
    movie: MovieTitle
    place: PlaceName
    starts_at: Timestamp
    seats: int = Field(examples=[2])
    unit_price: Annotated[int, Field(description="Of one seat, in cents.", examples=[1_250])]
    seat_labels: Sequence[SeatLabel] | MISSING = Field(MISSING, description="Of seats that have numbers, once sold.")
    total: Total | MISSING = MISSING
    currency: str = Field(examples=["EUR"])
    status: Status
    created_at: Timestamp
    confirmed_at: Timestamp | None = Field(description="Null where it was given up before it was sold.")
    cancelled_at: Timestamp | None = Field(examples=[None])
    refund_note: str | None = Field(examples=[None])

    @classmethod
    def of(cls, row: Record) -> Self:
        """The reservation of a row of `queries`."""
        numbered = {} if row["seat_labels"] is None else {name: row[name] for name in _NUMBERED}
        return cls(
            **{name: value for name, value in row.items() if name not in _NUMBERED},
            **numbered,
            user=Customer(id=row["user_id"], email=row["email"]),
            movie=MovieTitle(id=row["movie_id"], title=row["movie_title"]),
            place=PlaceName(id=row["place_id"], name=row["place_name"]),
        )


class StaffReservationAnswer(AnswerModel):
    """One reservation."""

    reservation: StaffReservation


class StaffReservationList(AnswerModel):
    """A page of reservations."""

    reservations: Sequence[StaffReservation]
    metadata: Metadata
