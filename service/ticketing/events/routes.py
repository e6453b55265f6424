"""The paths of events."""

from collections.abc import Mapping

from service.errors import ErrorKind
from service.http.endpoint import Access, Endpoint
from service.ticketing.errors import (
    EVENT_NOT_FOUND,
    EVENT_OVER,
    HAS_BOOKED_TICKETS,
    INVALID_EVENT,
    INVALID_EVENT_ID,
    INVALID_SEAT_COUNT,
    READ_FAILED,
    SEATS_IN_USE,
    TRANSACTION_FAILED,
)
from service.ticketing.events import handlers

_WRONG_ID: Mapping[str, ErrorKind] = {"missing_id": INVALID_EVENT_ID, "invalid_id": INVALID_EVENT_ID}
_DESCRIBED = ("name", "unix_time", "address", "description", "latitude", "longitude")
_WRONG_EVENT: Mapping[str, ErrorKind] = {
    **{f"{fault}_{field}": INVALID_EVENT for field in _DESCRIBED for fault in ("missing", "invalid")},
    "missing_seat_count": INVALID_EVENT,
    "invalid_seat_count": INVALID_SEAT_COUNT,
}

ENDPOINTS = [
    Endpoint(
        "POST",
        "/event/",
        handlers.create_event,
        Access.ADMIN,
        status=201,
        faults=_WRONG_EVENT,
        unavailable=TRANSACTION_FAILED,
    ),
    Endpoint(
        "GET",
        "/event/",
        handlers.list_events,
        errors=(EVENT_NOT_FOUND,),
        faults={"invalid_id": INVALID_EVENT_ID},
        unavailable=READ_FAILED,
    ),
    Endpoint(
        "DELETE",
        "/event/",
        handlers.delete_event,
        Access.ADMIN,
        errors=(EVENT_NOT_FOUND, HAS_BOOKED_TICKETS),
        faults=_WRONG_ID,
        unavailable=TRANSACTION_FAILED,
    ),
    Endpoint(
        "POST",
        "/event/update/",
        handlers.change_event,
        Access.ADMIN,
        status=201,
        errors=(EVENT_NOT_FOUND, SEATS_IN_USE, EVENT_OVER),
        faults={**_WRONG_ID, **_WRONG_EVENT},
        unavailable=TRANSACTION_FAILED,
    ),
]
