"""The paths of the ticketing API's analytics."""

from service.http.endpoint import Access, Endpoint
from service.ticketing.analytics import handlers
from service.ticketing.errors import READ_FAILED

ENDPOINTS = [
    Endpoint("GET", "/analytics/", handlers.report_sales, Access.ADMIN, unavailable=READ_FAILED),
    Endpoint(
        "GET",
        "/analytics/cancellation_rates/",
        handlers.report_cancellation_rates,
        Access.ADMIN,
        unavailable=READ_FAILED,
    ),
]
