"""The paths of ratings."""

from service.errors import MOVIE_NOT_FOUND
from service.http.endpoint import Access, Endpoint
from service.ratings import handlers

ENDPOINTS = [
    Endpoint(
        "POST",
        "/v1/movies/{movie_id}/rate",
        handlers.rate_movie,
        access=Access.USER,
        errors=(MOVIE_NOT_FOUND,),
        idempotent=True,
    ),
]
