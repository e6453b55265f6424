"""The paths of the ticketing API's users."""

from service.errors import RATE_LIMITED
from service.http.endpoint import Access, Endpoint
from service.ticketing.errors import (
    EMAIL_TAKEN,
    EMPTY_EMAIL,
    EMPTY_NAME,
    EMPTY_PASSWORD,
    INVALID_EMAIL,
    INVALID_PASSWORD,
    READ_FAILED,
    TOKEN_NOT_SIGNED,
    USER_NOT_FOUND,
    WRITE_FAILED,
    WRONG_PASSWORD,
)
from service.ticketing.users import handlers

_EMPTY = {"missing_email": EMPTY_EMAIL, "missing_password": EMPTY_PASSWORD}

ENDPOINTS = [
    Endpoint(
        "POST",
        "/user/register/",
        handlers.register,
        status=201,
        errors=(EMAIL_TAKEN, RATE_LIMITED),
        faults={
            "missing_name": EMPTY_NAME,
            **_EMPTY,
            "invalid_email": INVALID_EMAIL,
            "invalid_password": INVALID_PASSWORD,
        },
        unavailable=WRITE_FAILED,
    ),
    Endpoint(
        "POST",
        "/user/login/",
        handlers.login,
        errors=(USER_NOT_FOUND, WRONG_PASSWORD, TOKEN_NOT_SIGNED, RATE_LIMITED),
        faults=_EMPTY,
        unavailable=READ_FAILED,
    ),
    Endpoint("GET", "/user/bookings/", handlers.list_past_bookings, Access.USER, unavailable=READ_FAILED),
]
