"""What requests of the ticketing API have in common: its clients may send more than it reads, and null for nothing."""

from typing import Any

from pydantic import BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from service.http.fields import QueryModel, RequestModel
from service.http.input import EmptyBody


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
