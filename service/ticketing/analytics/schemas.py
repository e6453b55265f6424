"""What organisers are told about the sale of tickets."""

from pydantic import Field, RootModel

from service.http.fields import AnswerModel
from service.ticketing.fields import EventId


class EventSales(AnswerModel):
    """What of one event is sold."""

    event_id: EventId
    total_seats: int = Field(examples=[500])
    sold_tickets: int = Field(examples=[125])
    capacity_utilisation: float = Field(description="From 0 to 1.", examples=[0.25])
    today_booked_tickets: int = Field(description="Booked since midnight UTC, and still booked.", examples=[12])


class Sales(RootModel[list[EventSales]]):
    """What of each event is sold, the fullest first."""


class CancellationRate(AnswerModel):
    """Which part of the tickets ever booked for one event were cancelled."""

    event_id: EventId
    cancellation_rate: float = Field(description="From 0 to 1.", examples=[0.08])


class CancellationRates(RootModel[list[CancellationRate]]):
    """Each event's rate of cancellation, the highest first."""
