"""The paths of genres in the back office."""

from service.backoffice.genres import handlers
from service.errors import GENRE_NOT_FOUND, INVALID_CURSOR, NAME_TAKEN
from service.http.endpoint import Access, Endpoint

_ALL = "/v1/admin/genres"
_ONE = "/v1/admin/genres/{genre_id}"

ENDPOINTS = [
    Endpoint("POST", _ALL, handlers.create_genre, access=Access.ADMIN, status=201, errors=(NAME_TAKEN,)),
    Endpoint("GET", _ALL, handlers.list_genres, access=Access.STAFF, errors=(INVALID_CURSOR,)),
    Endpoint("GET", _ONE, handlers.get_genre, access=Access.STAFF, errors=(GENRE_NOT_FOUND,)),
    Endpoint("PATCH", _ONE, handlers.change_genre, access=Access.ADMIN, errors=(GENRE_NOT_FOUND, NAME_TAKEN)),
    Endpoint("DELETE", _ONE, handlers.delete_genre, access=Access.ADMIN, status=204, errors=(GENRE_NOT_FOUND,)),
]
