"""What bookings look like in requests and answers."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from service.catalogue.schemas import MovieTitle, PlaceName
from service.http.fields import (
    WHOLE,
    AnswerModel,
    BookingId,
    Metadata,
    Page,
    RequestModel,
    ReservationId,
    SessionId,
    Timestamp,
)

Status = Literal["open", "confirmed", "completed", "cancelled", "expired"]


class Reserve(RequestModel):
    """How many seats the booking shall have, in all."""

    seats: Annotated[int, Field(ge=1, le=100_000, examples=[2]), WHOLE]


class BookingsPage(Page):
    """The query of the list of bookings."""

    status: Status | None = Field(None, examples=["open"])


class OpenedBooking(AnswerModel):
    """A booking without seats yet. `expires_in_ms` is right whatever the client's clock says."""

    id: BookingId
    session_id: SessionId
    created_at: Timestamp
    closes_at: Timestamp = Field(examples=["2026-06-05T18:01:00.000Z"])
    expires_in_ms: int = Field(examples=[60_000])


class Reservation(AnswerModel):
    """The seats of a booking; its id and date stay when their number changes."""

    id: ReservationId
    seats: int = Field(examples=[2])
    created_at: Timestamp


class ReservedBooking(AnswerModel):
    """An open booking with seats."""

    id: BookingId
    session_id: SessionId
    reserved_seats: int = Field(examples=[2])
    created_at: Timestamp
    closes_at: Timestamp = Field(examples=["2026-06-05T18:01:00.000Z"])
    reservation: Reservation


class ConfirmedBooking(AnswerModel):
    """A booking whose seats are sold."""

    id: BookingId
    session_id: SessionId
    reserved_seats: int = Field(examples=[2])
    created_at: Timestamp
    closes_at: Timestamp = Field(examples=["2026-06-05T18:01:00.000Z"])
    confirmed_at: Timestamp = Field(examples=["2026-06-05T18:00:42.000Z"])


class CancelledBooking(AnswerModel):
    """A booking that was given up before it was confirmed."""

    id: BookingId
    session_id: SessionId
    reserved_seats: int = Field(examples=[2])
    created_at: Timestamp
    closes_at: Timestamp = Field(examples=["2026-06-05T18:01:00.000Z"])
    confirmed_at: None
    cancelled_at: Timestamp = Field(examples=["2026-06-05T18:00:42.000Z"])


class Booking(AnswerModel):
    """A booking in whatever state."""

    id: BookingId
    session_id: SessionId
    reserved_seats: int = Field(examples=[2])
    created_at: Timestamp
    closes_at: Timestamp = Field(examples=["2026-06-05T18:01:00.000Z"])
    confirmed_at: Timestamp | None = Field(examples=[None])
    cancelled_at: Timestamp | None = Field(examples=[None])
    status: Status
    movie: MovieTitle
    place: PlaceName


class OpenedAnswer(AnswerModel):
    """The booking that was opened."""

    booking: OpenedBooking


class ReservedAnswer(AnswerModel):
    """The booking with its seats."""

    booking: ReservedBooking


class ConfirmedAnswer(AnswerModel):
    """The booking that was sold."""

    booking: ConfirmedBooking


class CancelledAnswer(AnswerModel):
    """The booking that was given up."""

    booking: CancelledBooking


class BookingAnswer(AnswerModel):
    """One booking."""

    booking: Booking


class BookingsAnswer(AnswerModel):
    """A page of the caller's bookings."""

    bookings: Sequence[Booking]
    metadata: Metadata
