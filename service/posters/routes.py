"""The path of posters."""

from service.errors import MOVIE_NOT_FOUND, POSTER_NOT_FOUND
from service.http.endpoint import Endpoint
from service.posters import handlers

ENDPOINTS = [
    Endpoint(
        "GET",
        "/v1/movies/{movie_id}/poster",
        handlers.get_poster,
        errors=(MOVIE_NOT_FOUND, POSTER_NOT_FOUND),
        media=handlers.JPEG,
    ),
]
