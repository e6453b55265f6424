"""What staff send about places, and what they are answered."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import MISSING, AfterValidator, Field
from pydantic_core import PydanticCustomError

from service.backoffice.fields import Change
from service.catalogue.schemas import Place
from service.http.fields import STORABLE, WHOLE, AnswerModel, Metadata, RequestModel, Timestamp


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


class NewPlace(RequestModel):
    """A place to add to the chain."""

    name: Name
    address: Address
    capacity: Capacity
    timezone: Timezone = "Europe/Paris"


class PlaceChange(Change):
    """The fields of the place to change; those left out stay."""

    name: Name | MISSING = MISSING
    address: Address | MISSING = MISSING
    capacity: Capacity | MISSING = MISSING
    timezone: Timezone | MISSING = MISSING


class StaffPlace(Place):
    capacity: int = Field(examples=[180])
    timezone: str = Field(examples=["Europe/Paris"])
    created_at: Timestamp


class StaffPlaceAnswer(AnswerModel):
    """One place."""

    place: StaffPlace


class StaffPlaceList(AnswerModel):
    """A page of places."""

    places: Sequence[StaffPlace]
    metadata: Metadata
