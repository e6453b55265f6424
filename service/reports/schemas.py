"""What reports are asked, and what they answer."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from service.http.fields import QUERY_INTEGER, AnswerModel
from service.http.tables import Table
from service.reports.periods import Period

Group = Literal["day", "movie", "place", "session"]


class GroupedPeriod(Period):
    """Which sessions a report is of, by the day on which they air, and how it sums them up."""

    group_by: Group = Field("day", examples=["movie"])


class SalesPeriod(GroupedPeriod):
    """Likewise, with the currency of the revenue."""

    currency: str = Field("EUR", pattern="^[A-Z]{3}$", description="ISO 4217; revenue in others is left out.")


class PagesPeriod(Period):
    """Which visits a report is of, by the day on which they were reported."""

    limit: Annotated[int, Field(ge=1, le=1_000, description="How many paths.", examples=[100]), QUERY_INTEGER] = 100


class Grouped(AnswerModel):
    """What a row sums up."""

    key: str = Field(description="A day, or an id.", examples=["mov_7291038475629184000"])
    label: str = Field(description="What people call it.", examples=["Amélie"])


class Sales(AnswerModel):
    """What was sold and not refunded."""

    bookings: int = Field(examples=[80])
    seats: int = Field(examples=[171])
    revenue: int = Field(description="In cents.", examples=[213_750])
    capacity: int = Field(description="The seats of the sessions that are not cancelled.", examples=[360])
    occupancy: float | None = Field(description="Seats sold of the capacity; null without any.", examples=[0.475])


class SalesRow(Sales, Grouped):
    """What was sold of one group of sessions."""


class SalesReport(Table):
    """What was sold, summed up."""

    rows: Sequence[SalesRow]
    total: Sales


class Outcomes(AnswerModel):
    """What came of holds that have ended."""

    opened: int = Field(examples=[120])
    confirmed: int = Field(description="Those refunded later included.", examples=[80])
    cancelled: int = Field(description="By their customer, or with their session.", examples=[10])
    lapsed: int = Field(examples=[30])
    conversion: float | None = Field(description="Confirmed of opened; null without any.", examples=[0.6667])


class OutcomesRow(Outcomes, Grouped):
    """What came of the holds of one group of sessions."""


class HoldsReport(Table):
    """What came of holds, summed up."""

    rows: Sequence[OutcomesRow]
    total: Outcomes


class PageRow(AnswerModel):
    """The visits of one path."""

    path: str = Field(examples=["/movies"])
    views: int = Field(description="How often it was entered.", examples=[1_204])
    visitors: int = Field(description="By how many `tracking_id`s.", examples=[873])
    average_seconds: float | None = Field(
        description="From entering to leaving, of visits of which both were reported; null without any.",
        examples=[41.3],
    )


class PagesReport(Table):
    """The paths that were entered most, the first one most often."""

    rows: Sequence[PageRow]
