"""The paths of reservations in the back office."""

from service.backoffice.reservations import handlers
from service.errors import BOOKING_CANCELLED, BOOKING_NOT_FOUND, INVALID_CURSOR
from service.http.endpoint import Access, Endpoint

_ALL = "/v1/admin/reservations"
_ONE = "/v1/admin/reservations/{booking_id}"

ENDPOINTS = [
    Endpoint("GET", _ALL, handlers.list_reservations, access=Access.STAFF, errors=(INVALID_CURSOR,)),
    Endpoint("GET", _ONE, handlers.get_reservation, access=Access.STAFF, errors=(BOOKING_NOT_FOUND,)),
    Endpoint(
        "POST",
        f"{_ONE}/cancel",
        handlers.cancel_reservation,
        access=Access.STAFF,
        errors=(BOOKING_NOT_FOUND, BOOKING_CANCELLED),
    ),
]
