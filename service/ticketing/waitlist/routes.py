"""The paths of the waitlist."""

from service.http.endpoint import Access, Endpoint
from service.ticketing import errors
from service.ticketing.waitlist import handlers

_NO_EVENT = {"invalid_event_id": errors.INVALID_UUID, "missing_event_id": errors.INVALID_UUID}

ENDPOINTS = [
    Endpoint(
        "POST",
        "/waitlist/add/",
        handlers.add_to_waitlist,
        Access.USER,
        errors=(
            errors.ALREADY_WAITING,
            errors.INVALID_WAITLIST_COUNT,
            errors.EVENT_NOT_FOUND,
            errors.EVENT_OVER,
        ),
        faults={**_NO_EVENT, "missing_count": errors.INVALID_WAITLIST_COUNT},
    ),
    Endpoint(
        "POST",
        "/waitlist/remove/",
        handlers.remove_from_waitlist,
        Access.USER,
        errors=(errors.EVENT_NOT_FOUND,),
        faults=_NO_EVENT,
    ),
    Endpoint("GET", "/waitlist/", handlers.list_waitlist, Access.USER, unavailable=errors.READ_FAILED),
]
