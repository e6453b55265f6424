"""The paths of discovery, below its prefix."""

from service.discovery import handlers
from service.discovery.dialect import DiscoveryDialect
from service.errors import DUPLICATE_SAVE, GENRE_NOT_FOUND, MOVIE_NOT_FOUND, NOT_SAVED, UNAVAILABLE_IN_COUNTRY
from service.http.api import Api
from service.http.endpoint import Access, Endpoint

_SAVED = "/users/{user_id}/saved-movies"

ENDPOINTS = [
    Endpoint("GET", "/genres", handlers.list_genres),
    Endpoint("GET", "/countries", handlers.list_countries),
    Endpoint("GET", "/movies", handlers.list_movies, errors=(GENRE_NOT_FOUND,)),
    Endpoint("GET", "/movies/{movie_id}", handlers.get_movie, errors=(UNAVAILABLE_IN_COUNTRY,)),
    Endpoint("GET", _SAVED, handlers.list_saved_movies, Access.OWNER),
    Endpoint(
        "POST",
        _SAVED,
        handlers.save_movie,
        Access.OWNER,
        status=201,
        errors=(MOVIE_NOT_FOUND, DUPLICATE_SAVE, UNAVAILABLE_IN_COUNTRY),
    ),
    Endpoint(
        "DELETE",
        f"{_SAVED}/{{movie_id}}",
        handlers.remove_saved_movie,
        Access.OWNER,
        status=204,
        not_found={"movie_id": NOT_SAVED},
    ),
]

API = Api("/discovery/v1", DiscoveryDialect(), {"Discovery": ENDPOINTS})
