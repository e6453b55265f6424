"""The paths of the catalogue."""

from service.catalogue import handlers
from service.errors import INVALID_CURSOR, MOVIE_NOT_FOUND, PLACE_NOT_FOUND, SESSION_NOT_FOUND
from service.http.endpoint import Endpoint

ENDPOINTS = [
    Endpoint("GET", "/v1/movies", handlers.list_movies, errors=(INVALID_CURSOR,)),
    Endpoint("GET", "/v1/movies/{movie_id}", handlers.get_movie, errors=(MOVIE_NOT_FOUND,)),
    Endpoint("GET", "/v1/movies/{movie_id}/places", handlers.list_places, errors=(INVALID_CURSOR, MOVIE_NOT_FOUND)),
    Endpoint(
        "GET",
        "/v1/movies/{movie_id}/places/{place_id}/sessions",
        handlers.list_sessions,
        errors=(INVALID_CURSOR, MOVIE_NOT_FOUND, PLACE_NOT_FOUND),
    ),
    Endpoint("GET", "/v1/sessions/{session_id}", handlers.get_session, errors=(SESSION_NOT_FOUND,)),
]
