"""What administrators ask about users, and what they are answered."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from asyncpg import Record
from pydantic import MISSING, Field

from service.backoffice.fields import Change
from service.catalogue.schemas import PlaceName
from service.http.fields import AnswerModel, Metadata, Page, PlaceId, Text, Timestamp, UserId

Role = Literal["customer", "manager", "admin"]
MAX_PLACES = 1_000


class UserQuery(Page):
    """Which users are listed."""

    q: Annotated[Text, Field(min_length=1, max_length=200, examples=["ada"])] | None = None
    role: Role | None = None


class UserChange(Change):
    """The role and the places to set; what is left out stays."""

    role: Role | MISSING = MISSING
    places: (
        Annotated[Sequence[PlaceId], Field(max_length=MAX_PLACES, description="All that a manager has.")] | MISSING
    ) = MISSING


class StaffUser(AnswerModel):
    id: UserId
    email: str = Field(examples=["ada@example.com"])
    name: str | None = Field(examples=["Ada Lovelace"])
    role: Role = Field(examples=["manager"])
    places: Sequence[PlaceName] = Field(description="Those that a manager schedules, by name.")
    created_at: Timestamp

    @classmethod
    def of(cls, row: Record) -> Self:
        """The user of a row of `queries`."""
        places = [PlaceName(id=number, name=name) for number, name in row["places"]]
        return cls(**{**row, "places": places})


class StaffUserAnswer(AnswerModel):
    """One user."""

    user: StaffUser


class StaffUserList(AnswerModel):
    """A page of users."""

    users: Sequence[StaffUser]
    metadata: Metadata
