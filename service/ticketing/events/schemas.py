"""What requests about events carry, and what they are answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from asyncpg import Record
from pydantic import MISSING, ConfigDict, Field

from service.http.fields import QUERY_INTEGER, STORABLE, WHOLE, AnswerModel
from service.moments import from_milliseconds
from service.ticketing.fields import THERE, EventId, TicketingBody, TicketingQuery, UnixTime, unix_time

LAST_SECOND = 253_402_300_799
"""The end of the year 9999."""
MAX_SEATS = 2**31 - 1

Name = Annotated[str, Field(min_length=1, max_length=500, examples=["Jazz by the river"]), STORABLE, THERE]
Address = Annotated[str, Field(min_length=1, max_length=1_000, examples=["1 quai Premier, Lyon"]), STORABLE, THERE]
Description = Annotated[
    str, Field(min_length=1, max_length=20_000, examples=["Three bands, one night."]), STORABLE, THERE
]
Second = Annotated[int, Field(ge=1, le=LAST_SECOND, examples=[1924975800]), WHOLE, THERE]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, examples=[45.764])]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, examples=[4.8357])]
SeatCount = Annotated[int, Field(ge=1, le=MAX_SEATS, examples=[500]), WHOLE, THERE]


class NewEvent(TicketingBody):
    """An event to create. `unix_time` is its start, at which the sale of tickets ends."""

    name: Name
    unix_time: Second
    address: Address
    description: Description
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    seat_count: SeatCount

    @property
    def starts_at(self) -> datetime:
        return from_milliseconds(self.unix_time * 1_000)


class EventChange(TicketingBody):
    """The fields of an event to change; those that are left out or null stay."""

    id: Annotated[EventId, THERE]
    name: Name | None = None
    unix_time: Second | None = None
    address: Address | None = None
    description: Description | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    seat_count: SeatCount | None = None

    @property
    def starts_at(self) -> datetime | None:
        return None if self.unix_time is None else from_milliseconds(self.unix_time * 1_000)


class EventsQuery(TicketingQuery):
    """Which events: the first `limit` that start after `timestamp`, or the one of `id`."""

    limit: Annotated[int, Field(ge=1, le=100, examples=[10]), QUERY_INTEGER] = 10
    timestamp: Annotated[int, Field(ge=0, le=LAST_SECOND, examples=[1924975800]), QUERY_INTEGER] = 0
    id: EventId | None = None

    @property
    def after(self) -> datetime:
        return from_milliseconds(self.timestamp * 1_000)


class EventQuery(TicketingQuery):
    """The event of `id`."""

    id: EventId


class Event(AnswerModel):
    """An event with the seats that are neither booked nor reserved at this moment."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    id: EventId
    name: str = Field(examples=["Jazz by the river"])
    unix_time: UnixTime
    address: str = Field(examples=["1 quai Premier, Lyon"])
    description: str = Field(examples=["Three bands, one night."])
    seat_count: int = Field(examples=[500])
    available_seats_count: int = Field(examples=[123])
    latitude: float | MISSING = Field(MISSING, examples=[45.764])
    longitude: float | MISSING = Field(MISSING, examples=[4.8357])

    @classmethod
    def of(cls, row: Record, capacity: int, available: int) -> "Event":
        """The event of `queries.page_of_events`."""
        place = {name: row[name] for name in ("latitude", "longitude") if row[name] is not None}
        return cls(
            id=row["id"],
            name=row["name"],
            unix_time=unix_time(row["starts_at"]),
            address=row["address"],
            description=row["description"],
            seat_count=capacity,
            available_seats_count=available,
            **place,
        )


class EventList(AnswerModel):
    """Events by their start. `next_time_to_fetch` is the `timestamp` with which the list goes on, 0 at its end."""

    next_time_to_fetch: int = Field(examples=[1924975800])
    events: Sequence[Event]
