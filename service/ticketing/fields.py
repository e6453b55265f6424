"""What requests of the ticketing API have in common: its clients may send more than it reads, and null for nothing."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from service.http.fields import QueryModel, RequestModel
from service.http.input import EmptyBody
from service.moments import to_milliseconds


class TicketingBody(RequestModel):
    """A request's body."""

    model_config = ConfigDict(extra="ignore")


class TicketingQuery(QueryModel):
    """A request's query."""

    model_config = ConfigDict(extra="ignore")


class NoBody(EmptyBody):
    """The body of a request that needs none; whatever object comes is ignored."""

    model_config = ConfigDict(extra="ignore")


class NoQuery(TicketingQuery):
    """The query of a request without parameters."""


def _there(value: Any) -> Any:
    if value is None or value == "":
        raise PydanticCustomError("missing", "This field is required.")
    return value


THERE = BeforeValidator(_there)
"""Ends the `Annotated` of a field for which null and the empty text are as good as nothing: the fault `missing_…`."""

EventId = Annotated[UUID, Field(examples=["01978f5e-7c4a-7d1b-9a3e-5f2c8b7d6e10"])]
UnixTime = Annotated[int, Field(examples=[1924975800])]
"""Seconds since 1970 in UTC, of an answer."""


def unix_time(moment: datetime) -> int:
    """The whole seconds from 1970 to `moment`."""
    return to_milliseconds(moment) // 1_000
