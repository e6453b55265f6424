"""The handlers of the ticketing API's analytics."""

from service.http.endpoint import Call
from service.ticketing.analytics import queries
from service.ticketing.analytics.schemas import CancellationRates, Sales
from service.ticketing.fields import NoQuery


async def report_sales(call: Call[None, NoQuery]) -> Sales:
    """Report what of each event is sold

    By the part of the seats that are booked, the highest first.
    """
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.sales(connection)
    return Sales.of(rows)


async def report_cancellation_rates(call: Call[None, NoQuery]) -> CancellationRates:
    """Report which part of each event's booked tickets were cancelled

    Of all that were ever booked: a seat that was sold again still counts as cancelled once. The highest first.
    """
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.cancellation_rates(connection)
    return CancellationRates.of(rows)
