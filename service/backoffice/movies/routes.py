"""The paths of movies in the back office."""

from service.backoffice.movies import handlers
from service.errors import HAS_BOOKINGS, INVALID_CURSOR, MOVIE_NOT_FOUND, SESSION_OVERLAPS
from service.http.endpoint import Access, Endpoint

_ALL = "/v1/admin/movies"
_ONE = "/v1/admin/movies/{movie_id}"

ENDPOINTS = [
    Endpoint("POST", _ALL, handlers.create_movie, access=Access.ADMIN, status=201),
    Endpoint("GET", _ALL, handlers.list_movies, access=Access.STAFF, errors=(INVALID_CURSOR,)),
    Endpoint("GET", _ONE, handlers.get_movie, access=Access.STAFF, errors=(MOVIE_NOT_FOUND,)),
    Endpoint(
        "PATCH",
        _ONE,
        handlers.change_movie,
        access=Access.ADMIN,
        errors=(MOVIE_NOT_FOUND, SESSION_OVERLAPS),
    ),
    Endpoint(
        "DELETE",
        _ONE,
        handlers.delete_movie,
        access=Access.ADMIN,
        status=204,
        errors=(MOVIE_NOT_FOUND, HAS_BOOKINGS),
    ),
]
