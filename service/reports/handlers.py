"""Staff read reports."""

from datetime import date
from typing import Any

from asyncpg import Record

from service.http.endpoint import Call
from service.ids import Entity
from service.moments import format_timestamp
from service.reports import queries
from service.reports.periods import MOST_DAYS
from service.reports.schemas import (
    Group,
    GroupedPeriod,
    HoldsReport,
    Outcomes,
    OutcomesRow,
    PageRow,
    PagesPeriod,
    PagesReport,
    Sales,
    SalesPeriod,
    SalesReport,
    SalesRow,
)

MOST_DAYS_OF_SESSIONS = 31
SUMS = ("bookings", "seats", "revenue", "capacity")
ENDS = ("confirmed", "cancelled", "lapsed")
_ENTITIES: dict[Group, Entity] = {"movie": Entity.MOVIE, "place": Entity.PLACE, "session": Entity.SESSION}


async def report_sales(call: Call[None, SalesPeriod]) -> SalesReport:
    """Report sales

    Confirmed bookings, their seats and revenue, beside the capacity of the sessions, which is what the report goes
    by: it has the sessions that air from one day to the other, in the time zone of their place, whenever they were
    booked. Refunds and cancelled sessions are taken out at once. It covers 366 days at most, by session 31. Managers
    see their places. With `Accept: text/csv` the rows are a table; a cell that a spreadsheet would run as a formula
    begins with an apostrophe there.
    """
    query, (first, last) = call.query, _days(call)
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.sales(connection, first, last, query.group_by, _manager(call), query.currency)
    total = Sales(**_sales(*(sum(row[name] for row in rows) for name in SUMS)))
    found = [SalesRow(**_group(query.group_by, row), **_sales(*(row[name] for name in SUMS))) for row in rows]
    return SalesReport(rows=found, total=total)


async def report_holds(call: Call[None, GroupedPeriod]) -> HoldsReport:
    """Report what came of holds

    Of the holds of sessions that air from one day to the other, as in the report of sales: how many were opened, and
    whether they were confirmed, were cancelled, or lapsed. A hold counts once it has ended, so that these three make
    up the opened ones; a lapsed one is counted within seconds.
    """
    query, (first, last) = call.query, _days(call)
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.outcomes(connection, first, last, query.group_by, _manager(call))
    total = Outcomes(**_outcomes(*(sum(row[name] for row in rows) for name in ENDS)))
    found = [OutcomesRow(**_group(query.group_by, row), **_outcomes(*(row[name] for name in ENDS))) for row in rows]
    return HoldsReport(rows=found, total=total)


async def report_pages(call: Call[None, PagesPeriod]) -> PagesReport:
    """Report pages

    The paths that visitors entered most from one day to the other, in the time zone of the chain. How long a visit took
    counts on the day on which the page was left.
    """
    settings = call.resources.settings
    first, last = call.query.days(settings.home_timezone)
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.pages(connection, first, last, settings.home_timezone, call.query.limit)
    return PagesReport(rows=[PageRow(**{**row, "average_seconds": _rounded(row["average_seconds"])}) for row in rows])


def _days(call: Call[None, GroupedPeriod] | Call[None, SalesPeriod]) -> tuple[date, date]:
    most = MOST_DAYS_OF_SESSIONS if call.query.group_by == "session" else MOST_DAYS
    return call.query.days(call.resources.settings.home_timezone, most)


def _manager(call: Call[None, GroupedPeriod] | Call[None, SalesPeriod]) -> int | None:
    """The manager to whose places the report is limited."""
    return None if call.user.role == "admin" else call.user.user_id


def _group(group: Group, row: Record) -> dict[str, str]:
    """Key and label of a row."""
    if group == "day":
        return {"key": str(row["day"]), "label": str(row["day"])}
    label = [row["movie"], row["place"], None if row["starts_at"] is None else format_timestamp(row["starts_at"])]
    return {"key": _ENTITIES[group].public(row["number"]), "label": ", ".join(filter(None, label))}


def _sales(bookings: int, seats: int, revenue: int, capacity: int) -> dict[str, Any]:
    return {
        "bookings": bookings,
        "seats": seats,
        "revenue": revenue,
        "capacity": capacity,
        "occupancy": _share(seats, capacity),
    }


def _outcomes(confirmed: int, cancelled: int, lapsed: int) -> dict[str, Any]:
    opened = confirmed + cancelled + lapsed
    return {
        "opened": opened,
        "confirmed": confirmed,
        "cancelled": cancelled,
        "lapsed": lapsed,
        "conversion": _share(confirmed, opened),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
