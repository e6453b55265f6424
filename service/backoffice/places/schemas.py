"""What staff send about places, and what they are answered."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, cast
from zoneinfo import available_timezones

from pydantic import MISSING, AfterValidator, ConfigDict, Field, SkipValidation, ValidationInfo, field_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from service.backoffice.fields import Change
from service.catalogue.schemas import Place
from service.http.fields import STORABLE, WHOLE, AnswerModel, Metadata, RequestModel, Timestamp
from service.seat_plans.schemas import NewSeatPlan, SeatPlanShape


@cache
def _timezones() -> set[str]:
    return available_timezones()  # reads the whole folder of zones


def _known(timezone: str) -> str:
    if timezone not in _timezones():
        raise PydanticCustomError("timezone", "The time zone must be a name of the IANA database.")
    return timezone


# A cursor carries the name: it bounds what a cursor may have to hold.
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S", examples=["Lumière Bellecour"]), STORABLE]
Address = Annotated[
    str, Field(min_length=1, max_length=500, pattern=r"\S", examples=["12 place Bellecour, 69002 Lyon"]), STORABLE
]
Capacity = Annotated[int, Field(ge=1, le=100_000, examples=[180]), WHOLE]
Timezone = Annotated[
    str,
    AfterValidator(_known),
    Field(description="A name of the IANA database.", examples=["Europe/Paris"]),
]


def _as_planned(capacity: Any, info: ValidationInfo) -> Any:
    """The capacity is that of the seat plan, where both are given and right by themselves."""
    plan = info.data.get("seat_plan")
    if isinstance(capacity, int) and isinstance(plan, NewSeatPlan) and capacity != plan.seats:
        raise PydanticCustomError("capacity", "The seat plan has {seats} seats.", {"seats": plan.seats})
    return capacity


_PLAN: JsonDict = {
    "rows": [
        {"label": "E", "seats": [{"number": 1, "kind": "standard"}, None, {"number": 2, "kind": "wheelchair"}]},
        {"label": "F", "seats": [{"number": 1, "kind": "premium"}, None, {"number": 2, "kind": "premium"}]},
    ],
    "focal_point": {"row": "F", "number": 1},
    "supplements": {"premium": 300},
}
_EXAMPLE: JsonDict = {
    "name": "Lumière Bellecour",
    "address": "12 place Bellecour, 69002 Lyon",
    "seat_plan": _PLAN,
    "timezone": "Europe/Paris",
}


class NewPlace(RequestModel):
    """A place to add to the chain: with a capacity, or with a seat plan, whose seats are counted."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Name
    address: Address
    seat_plan: NewSeatPlan | None = Field(None, description="Null: seats are only counted.")
    capacity: Capacity | MISSING = Field(MISSING, validate_default=True)
    timezone: Timezone = "Europe/Paris"

    @field_validator("capacity")
    @classmethod
    def _needed_without_plan(cls, capacity: Any, info: ValidationInfo) -> Any:
        if capacity is MISSING and info.data.get("seat_plan", NewSeatPlan) is None:
            raise PydanticCustomError("missing", "The capacity is required where there is no seat plan.")
        return _as_planned(capacity, info)

    @property
    def seats(self) -> int:
        """How many the place has."""
        return self.seat_plan.seats if self.seat_plan else cast("int", self.capacity)


class PlaceChange(Change):
    """The fields of the place to change; those left out stay."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Name | MISSING = MISSING
    address: Address | MISSING = MISSING
    seat_plan: NewSeatPlan | MISSING | None = Field(MISSING, description="Null: seats are only counted from now on.")
    capacity: Capacity | MISSING = MISSING
    timezone: Timezone | MISSING = MISSING

    _as_planned = field_validator("capacity")(_as_planned)


class StaffPlace(Place):
    capacity: int = Field(examples=[180])
    timezone: str = Field(examples=["Europe/Paris"])
    numbered: bool = Field(description="Whether it has a seat plan.", examples=[True])
    created_at: Timestamp


class PlannedPlace(StaffPlace):
    """A place with its seat plan, null where it has none."""

    seat_plan: Annotated[SeatPlanShape | None, SkipValidation] = Field(examples=[_PLAN])


class StaffPlaceAnswer(AnswerModel):
    """One place."""

    place: PlannedPlace


class StaffPlaceList(AnswerModel):
    """A page of places."""

    places: Sequence[StaffPlace]
    metadata: Metadata
