"""The paths of places in the back office."""

from service.backoffice.places import handlers
from service.errors import CAPACITY_BELOW_SOLD, HAS_BOOKINGS, INVALID_CURSOR, PLACE_NOT_FOUND
from service.http.endpoint import Access, Endpoint

_ALL = "/v1/admin/places"
_ONE = "/v1/admin/places/{place_id}"

ENDPOINTS = [
    Endpoint("POST", _ALL, handlers.create_place, access=Access.ADMIN, status=201),
    Endpoint("GET", _ALL, handlers.list_places, access=Access.STAFF, errors=(INVALID_CURSOR,)),
    Endpoint("GET", _ONE, handlers.get_place, access=Access.STAFF, errors=(PLACE_NOT_FOUND,)),
    Endpoint(
        "PATCH",
        _ONE,
        handlers.change_place,
        access=Access.ADMIN,
        errors=(PLACE_NOT_FOUND, CAPACITY_BELOW_SOLD),
    ),
    Endpoint(
        "DELETE",
        _ONE,
        handlers.delete_place,
        access=Access.ADMIN,
        status=204,
        errors=(PLACE_NOT_FOUND, HAS_BOOKINGS),
    ),
]
