"""What numbered seats look like in answers."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from service.http.fields import written_id
from service.ids import Entity
from service.seat_plans.schemas import Kind

State = Literal["free", "held", "sold", "yours"]
SeatLabel = Annotated[
    str,
    Field(
        pattern="^[A-Z0-9]{1,3}[1-9][0-9]{0,2}$",
        description="The row's label and the seat's number in it.",
        examples=["F7"],
    ),
]
Cents = Annotated[int, Field(description="In cents, with the supplement of its kind.", examples=[1_250])]


class ChosenSeat(TypedDict):
    """A seat of a booking."""

    label: SeatLabel
    kind: Kind
    price: Cents


_EXAMPLE = [{"label": label, "kind": "standard", "price": 1_250} for label in ("F7", "F8")]
ChosenSeats = Annotated[
    Sequence[ChosenSeat], Field(description="Where the session has a seat plan.", examples=[_EXAMPLE])
]
Total = Annotated[int, Field(description="What the seats cost together, in cents.", examples=[2_500])]


class Seat(TypedDict):
    """A seat as it is at this moment."""

    label: SeatLabel
    number: Annotated[int, Field(examples=[7])]
    kind: Kind
    price: Cents
    state: State


class SeatRow(TypedDict):
    """A row from one end to the other; null is an aisle."""

    label: Annotated[str, Field(examples=["F"])]
    seats: Sequence[Seat | None]


class SeatsAnswer(TypedDict):
    """The seats of a session, all as of one moment."""

    session_id: Annotated[str, written_id(Entity.SESSION)]
    rows: Sequence[SeatRow]
