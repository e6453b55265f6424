"""The paths of sessions in the back office."""

from service.backoffice.sessions import handlers
from service.errors import HAS_BOOKINGS, INVALID_CURSOR, SESSION_CANCELLED, SESSION_NOT_FOUND, SESSION_OVERLAPS
from service.http.endpoint import Access, Endpoint

_ALL = "/v1/admin/sessions"
_ONE = "/v1/admin/sessions/{session_id}"

ENDPOINTS = [
    Endpoint("POST", _ALL, handlers.create_session, access=Access.STAFF, status=201, errors=(SESSION_OVERLAPS,)),
    Endpoint("GET", _ALL, handlers.list_sessions, access=Access.STAFF, errors=(INVALID_CURSOR,)),
    Endpoint("GET", _ONE, handlers.get_session, access=Access.STAFF, errors=(SESSION_NOT_FOUND,)),
    Endpoint(
        "PATCH",
        _ONE,
        handlers.change_session,
        access=Access.STAFF,
        errors=(SESSION_NOT_FOUND, HAS_BOOKINGS, SESSION_CANCELLED, SESSION_OVERLAPS),
    ),
    Endpoint(
        "POST",
        f"{_ONE}/cancel",
        handlers.cancel_session,
        access=Access.STAFF,
        errors=(SESSION_NOT_FOUND, SESSION_CANCELLED),
    ),
    Endpoint(
        "DELETE",
        _ONE,
        handlers.delete_session,
        access=Access.STAFF,
        status=204,
        errors=(SESSION_NOT_FOUND, HAS_BOOKINGS),
    ),
]
