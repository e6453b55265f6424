"""The paths of numbered seats."""

from service import errors
from service.http.endpoint import Access, Endpoint
from service.seats import handlers

ENDPOINTS = [
    Endpoint(
        "GET",
        "/v1/sessions/{session_id}/seats",
        handlers.show_seats,
        access=Access.OPTIONAL,
        errors=(errors.SEAT_PLAN_NOT_FOUND, errors.SESSION_CANCELLED),
    ),
]
