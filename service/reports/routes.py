"""The paths of reports."""

from service.http.endpoint import Access, Endpoint
from service.reports import handlers

ENDPOINTS = [
    Endpoint("GET", "/v1/admin/reports/sales", handlers.report_sales, access=Access.STAFF, table=True),
    Endpoint("GET", "/v1/admin/reports/holds", handlers.report_holds, access=Access.STAFF, table=True),
    Endpoint("GET", "/v1/admin/reports/pages", handlers.report_pages, access=Access.ADMIN, table=True),
]
