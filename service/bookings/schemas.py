"""What bookings look like in requests and answers."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NotRequired

from pydantic import MISSING, AfterValidator, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError, PydanticKnownError
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
from service.seats.schemas import ChosenSeats, SeatLabel, Total

Status = Literal["open", "confirmed", "completed", "cancelled", "expired"]

_LEFT_OUT: Any = object()


def _total(value: object, info: ValidationInfo) -> object:
    """The number of seats wanted: as many as are named, where some are. What was found at fault with those suffices."""
    labels = info.data.get("seat_labels")
    if value is _LEFT_OUT:
        if labels is not None and not labels:
            raise PydanticKnownError("missing")
        return len(labels or "?")
    if labels:
        raise PydanticCustomError("exclusive", "There must be either seats or seat_labels.")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _each_once(labels: Sequence[str]) -> Sequence[str]:
    if len(set(labels)) < len(labels):
        raise PydanticCustomError("unique", "Each seat must be named once.")
    return labels


def _some_of_them(count: int, info: ValidationInfo) -> int:
    if info.data.get("seat_labels"):
        raise PydanticCustomError("exclusive", "Seats that are named are what they are.")
    if count > info.data.get("seats", count):
        raise PydanticCustomError("some", "There cannot be more of them than seats.")
    return count


class Reserve(RequestModel):
    """The seats that the booking shall have, in all: so many, or in a session with a seat plan these very ones."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["seats"]}, {"required": ["seat_labels"]}],
            "dependentRequired": {"wheelchair": ["seats"]},
            "examples": [{"seats": 2}, {"seat_labels": ["F7", "F8"]}],
        }
    )

    seat_labels: Annotated[
        Sequence[SeatLabel],
        Field(
            min_length=1,
            max_length=100,
            description="The seats by row and number, as the plan has them: all of them, or none.",
            json_schema_extra={"uniqueItems": True},
        ),
        AfterValidator(_each_once),
    ] = Field(default_factory=tuple)
    seats: Annotated[int, Field(ge=1, le=100_000, examples=[2]), BeforeValidator(_total)] = Field(
        default_factory=lambda: _LEFT_OUT, validate_default=True
    )
    """With `seat_labels`, their number."""
    wheelchair: Annotated[
        int,
        Field(
            ge=0,
            le=100_000,
            description="How many of the seats shall be wheelchair places; for sessions with a seat plan.",
            examples=[1],
        ),
        WHOLE,
        AfterValidator(_some_of_them),
    ] = 0


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
    seats: NotRequired[ChosenSeats]
    total: NotRequired[Total]


class ConfirmedBooking(TypedDict):
    """A booking whose seats are sold."""

    id: _BookingId
    session_id: _SessionId
    reserved_seats: _Seats
    created_at: TimestampText
    closes_at: _ClosesAt
    confirmed_at: _SettledAt
    seats: NotRequired[ChosenSeats]
    total: NotRequired[Total]


class CancelledBooking(TypedDict):
    """A booking that was given up before it was confirmed, or refunded after that."""

    id: _BookingId
    session_id: _SessionId
    reserved_seats: _Seats
    created_at: TimestampText
    closes_at: _ClosesAt
    confirmed_at: Annotated[TimestampText | None, Field(examples=[None])]
    cancelled_at: _SettledAt
    seats: NotRequired[ChosenSeats]
    total: NotRequired[Total]


class Booking(AnswerModel):
    """A booking in whatever state."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

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
    seats: ChosenSeats | MISSING = MISSING
    total: Total | MISSING = MISSING


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
