"""What organisers are told about the sale of tickets.

Of every event that there is: so the rows are answered as they were read, without a model of each.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from asyncpg import Record
from pydantic import Field, RootModel
from typing_extensions import TypedDict

from service.ticketing.fields import EventId


class EventSales(TypedDict):
    """What of one event is sold."""

    event_id: EventId
    total_seats: Annotated[int, Field(examples=[500])]
    sold_tickets: Annotated[int, Field(examples=[125])]
    capacity_utilisation: Annotated[float, Field(description="From 0 to 1.", examples=[0.25])]
    today_booked_tickets: Annotated[
        int, Field(description="Booked since midnight UTC, and still booked.", examples=[12])
    ]


class Sales(RootModel[list[EventSales]]):
    """What of each event is sold, the fullest first."""

    @classmethod
    def of(cls, rows: Sequence[Record]) -> "Sales":
        """The rows of `queries.sales`."""
        read: list[Any] = [dict(row) for row in rows]
        return cls.model_construct(read)


class CancellationRate(TypedDict):
    """Which part of the tickets ever booked for one event were cancelled."""

    event_id: EventId
    cancellation_rate: Annotated[float, Field(description="From 0 to 1.", examples=[0.08])]


class CancellationRates(RootModel[list[CancellationRate]]):
    """Each event's rate of cancellation, the highest first."""

    @classmethod
    def of(cls, rows: Sequence[Record]) -> "CancellationRates":
        """The rows of `queries.cancellation_rates`."""
        read: list[Any] = [dict(row) for row in rows]
        return cls.model_construct(read)
