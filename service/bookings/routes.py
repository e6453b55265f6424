"""The paths of bookings."""

from service import errors
from service.bookings import handlers
from service.http.endpoint import Access, Endpoint

_SETTLED = (
    errors.BOOKING_CONFIRMED,
    errors.BOOKING_CANCELLED,
    errors.BOOKING_CONFIRMING,
    errors.BOOKING_EXPIRED,
)

ENDPOINTS = [
    Endpoint(
        "POST",
        "/v1/sessions/{session_id}/book",
        handlers.book,
        access=Access.USER,
        status=201,
        errors=(errors.SESSION_STARTED, errors.SESSION_CANCELLED, errors.TOO_MANY_OPEN_BOOKINGS),
        idempotent=True,
    ),
    Endpoint(
        "POST",
        "/v1/bookings/{booking_id}/reserve",
        handlers.reserve,
        access=Access.USER,
        errors=(
            errors.SESSION_NOT_FOUND,
            errors.SEAT_PLAN_NOT_FOUND,
            errors.SEATS_UNAVAILABLE,
            errors.SESSION_STARTED,
            errors.SESSION_CANCELLED,
            *_SETTLED,
        ),
        idempotent=True,
    ),
    Endpoint(
        "POST",
        "/v1/bookings/{booking_id}/confirm",
        handlers.confirm,
        access=Access.USER,
        errors=(errors.NO_SEATS_RESERVED, errors.SEATS_UNAVAILABLE, errors.SESSION_CANCELLED, *_SETTLED),
        idempotent=True,
    ),
    Endpoint(
        "POST",
        "/v1/bookings/{booking_id}/cancel",
        handlers.cancel,
        access=Access.USER,
        errors=(errors.SESSION_CANCELLED, *_SETTLED),
        idempotent=True,
    ),
    Endpoint(
        "POST",
        "/v1/bookings/{booking_id}/refund",
        handlers.refund,
        access=Access.USER,
        errors=(
            errors.BOOKING_NOT_CONFIRMED,
            errors.BOOKING_CANCELLED,
            errors.REFUND_TOO_LATE,
            errors.BOOKING_EXPIRED,
        ),
        idempotent=True,
    ),
    Endpoint("GET", "/v1/bookings", handlers.list_bookings, access=Access.USER),
    Endpoint(
        "GET",
        "/v1/bookings/{booking_id}",
        handlers.show_booking,
        access=Access.USER,
        errors=(errors.BOOKING_EXPIRED,),
    ),
]
