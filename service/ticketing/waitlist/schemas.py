"""What the waitlist looks like in requests and answers."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self
from uuid import UUID

from asyncpg import Record
from pydantic import Field, RootModel

from service.http.fields import WHOLE, AnswerModel
from service.ticketing.fields import THERE, EventId, TicketingBody, UnixTime, unix_time
from service.ticketing.tickets.schemas import TICKET_ID


class WantedTickets(TicketingBody):
    """How many tickets of which event to wait for."""

    event_id: Annotated[EventId, THERE]
    count: Annotated[int, Field(examples=[2]), WHOLE, THERE]


class WaitedFor(TicketingBody):
    """The event to wait for no more."""

    event_id: Annotated[EventId, THERE]


class WaitlistEntry(AnswerModel):
    """What one waits for, or did."""

    event_id: EventId
    event_name: str = Field(examples=["A concert"])
    count: int = Field(examples=[2])
    status: Literal["waiting", "offered", "booked", "lapsed"]
    position: int | None = Field(description="The place in line of who waits, from 1.", examples=[None])
    ticket_ids: Sequence[UUID] = Field(description="The tickets that are offered.", examples=[[TICKET_ID]])
    joined_unix_time: UnixTime
    offer_ends_unix_time: UnixTime | None = Field(description="Until when they are reserved.")

    @classmethod
    def of(cls, row: Record) -> Self:
        """The entry of `queries.of_user`."""
        is_offered = row["status"] == "offered"
        return cls(
            event_id=row["event_id"],
            event_name=row["event_name"],
            count=row["count"],
            status=row["status"],
            position=row["place"],
            ticket_ids=row["ticket_ids"] if is_offered else [],
            joined_unix_time=unix_time(row["joined_at"]),
            offer_ends_unix_time=unix_time(row["closes_at"]) if is_offered else None,
        )


class WaitlistEntries(RootModel[Sequence[WaitlistEntry]]):
    """One's own entries, the newest first."""
