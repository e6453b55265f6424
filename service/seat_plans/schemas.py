"""What a seat plan looks like in requests and answers."""

from typing import Annotated, Any, Literal, Self

from pydantic import MISSING, Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError
from typing_extensions import TypedDict

from service.http.fields import WHOLE, RequestModel
from service.seat_plans.contradictions import LAST_NUMBER, ROW_LABEL, Contradiction, contradictions

Kind = Literal["standard", "wheelchair", "love", "premium"]

RowLabel = Annotated[str, Field(pattern=ROW_LABEL, examples=["F"])]
SeatNumber = Annotated[int, Field(ge=1, le=LAST_NUMBER, examples=[7]), WHOLE]
Supplement = Annotated[int, Field(ge=0, le=100_000, examples=[300]), WHOLE]


class PlannedSeat(RequestModel):
    """A seat. Row label and number make its label, `F7`, which no other seat of the plan has."""

    number: SeatNumber
    kind: Kind = "standard"


class PlannedRow(RequestModel):
    """A row with its seats from left to right. Null is a gap as wide as a seat: an aisle, or what aligns the rows."""

    label: RowLabel
    seats: Annotated[list[PlannedSeat | None], Field(min_length=1, max_length=100)]


class FocalPoint(RequestModel):
    """The seat that has the best view: blocks of seats are chosen near it."""

    row: RowLabel
    number: SeatNumber


class Supplements(RequestModel):
    """What a seat of a kind costs beyond the price of the session, in cents."""

    standard: Supplement | MISSING = MISSING
    wheelchair: Supplement | MISSING = MISSING
    love: Supplement | MISSING = MISSING
    premium: Supplement | MISSING = MISSING


class NewSeatPlan(RequestModel):
    """Rows from the screen to the back, of up to 2,000 seats in all."""

    rows: Annotated[list[PlannedRow], Field(min_length=1, max_length=100)]
    focal_point: FocalPoint | None = Field(
        None, description="In the middle of the row two thirds of the way back if absent."
    )
    supplements: Supplements = Supplements()

    @model_validator(mode="wrap")
    @classmethod
    def _without_contradictions(cls, value: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        """Rows that contradict each other are reported with whatever else is wrong, rather than once that is right."""
        try:
            plan = validate(value)
        except ValidationError as malformed:
            faults = [_again(detail) for detail in malformed.errors(include_url=False)]
            faults += map(_fault, contradictions(value))
            raise ValidationError.from_exception_data(cls.__name__, faults) from None
        if faults := list(map(_fault, contradictions(plan.stored))):
            raise ValidationError.from_exception_data(cls.__name__, faults)
        return plan

    @property
    def seats(self) -> int:
        """How many there are."""
        return sum(seat is not None for row in self.rows for seat in row.seats)

    @property
    def stored(self) -> dict[str, Any]:
        """The plan as it is kept, and shown."""
        return self.model_dump()


class ShownSeat(TypedDict):
    number: SeatNumber
    kind: Kind


class ShownRow(TypedDict):
    label: RowLabel
    seats: list[ShownSeat | None]


class ShownFocalPoint(TypedDict):
    row: RowLabel
    number: SeatNumber


class SeatPlanShape(TypedDict):
    """A plan as it was drawn."""

    rows: list[ShownRow]
    focal_point: ShownFocalPoint | None
    supplements: dict[Kind, Supplement]


def _again(detail: ErrorDetails) -> InitErrorDetails:
    return InitErrorDetails(type=detail["type"], loc=detail["loc"], input=detail["input"], ctx=detail.get("ctx", {}))


def _fault(found: Contradiction) -> InitErrorDetails:
    place, message = found
    return InitErrorDetails(
        type=PydanticCustomError("seat_plan", "{message}", {"message": message}), loc=place, input=None
    )
