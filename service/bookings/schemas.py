"""What bookings look like in requests and answers."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from service.catalogue.schemas import MovieTitle, PlaceName
from service.http.fields import (
    WHOLE,
    AnswerModel,
    BookingId,
    Metadata,
    Page,
    RequestModel,
    SessionId,
    Timestamp,
    TimestampText,
    written_id,
)
from service.ids import Entity

Status = Literal["open", "confirmed", "completed", "cancelled", "expired"]


class Reserve(RequestModel):
    """How many seats the booking shall have, in all."""

    seats: Annotated[int, Field(ge=1, le=100_000, examples=[2]), WHOLE]


class BookingsPage(Page):
    """The query of the list of bookings."""

    status: Status | None = Field(None, examples=["open"])


_BookingId = Annotated[str, written_id(Entity.BOOKING)]
_SessionId = Annotated[str, written_id(Entity.SESSION)]
_Seats = Annotated[int, Field(examples=[2])]
_ClosesAt = Annotated[TimestampText, Field(examples=["2026-06-05T18:01:00.000Z"])]
_SettledAt = Annotated[TimestampText, Field(examples=["2026-06-05T18:00:42.000Z"])]

# What a crowd is answered is a dict from the start, its values as JSON has them: a model costs three times as much.


class OpenedBooking(TypedDict):
    """A booking without seats yet. `expires_in_ms` is right whatever the client's clock says."""

    id: _BookingId
    session_id: _SessionId
    created_at: TimestampText
    closes_at: _ClosesAt
    expires_in_ms: Annotated[int, Field(examples=[60_000])]


class Reservation(TypedDict):
    """The seats of a booking; its id and date stay when their number changes."""

    id: Annotated[str, written_id(Entity.RESERVATION)]
    seats: _Seats
    created_at: TimestampText


class ReservedBooking(TypedDict):
    """An open booking with seats."""

    id: _BookingId
    session_id: _SessionId
    reserved_seats: _Seats
    created_at: TimestampText
    closes_at: _ClosesAt
    reservation: Reservation


class ConfirmedBooking(TypedDict):
    """A booking whose seats are sold."""

    id: _BookingId
    session_id: _SessionId
    reserved_seats: _Seats
    created_at: TimestampText
    closes_at: _ClosesAt
    confirmed_at: _SettledAt


class CancelledBooking(TypedDict):
    """A booking that was given up before it was confirmed, or refunded after that."""

    id: _BookingId
    session_id: _SessionId
    reserved_seats: _Seats
    created_at: TimestampText
    closes_at: _ClosesAt
    confirmed_at: Annotated[TimestampText | None, Field(examples=[None])]
    cancelled_at: _SettledAt


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


class OpenedAnswer(TypedDict):
    """The booking that was opened."""

    booking: OpenedBooking


class ReservedAnswer(TypedDict):
    """The booking with its seats."""

    booking: ReservedBooking


class ConfirmedAnswer(TypedDict):
    """The booking that was sold."""

    booking: ConfirmedBooking


class CancelledAnswer(TypedDict):
    """The booking that was given up."""

    booking: CancelledBooking


class RefundedAnswer(TypedDict):
    """The booking that was refunded."""

    booking: CancelledBooking


class BookingAnswer(AnswerModel):
    """One booking."""

    booking: Booking


class BookingsAnswer(AnswerModel):
    """A page of the caller's bookings."""

    bookings: Sequence[Booking]
    metadata: Metadata
