"""What tickets look like in requests and answers."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from service.http.fields import WHOLE
from service.ticketing.fields import THERE, TicketingBody

EVENT_ID = "01978f5e-7c4a-7d1b-9a3e-5f2c8b7d6e10"
TICKET_ID = "01978f60-12ab-7c3d-8e4f-a1b2c3d4e5f6"


class SomeTickets(TicketingBody):
    """How many tickets of which event."""

    event_id: Annotated[UUID, Field(examples=[EVENT_ID]), THERE]
    count: Annotated[int, Field(examples=[2]), WHOLE, THERE]


class TicketIds(TicketingBody):
    """Which tickets, of whatever events."""

    ticket_ids: Annotated[Sequence[UUID], Field(examples=[[TICKET_ID]]), THERE]


class ReservedTickets(TypedDict):
    """The tickets that were reserved."""

    ticket_ids: Annotated[Sequence[UUID], Field(examples=[[TICKET_ID]])]
