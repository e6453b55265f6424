"""The paths of the back office."""

from service.backoffice.movies.routes import ENDPOINTS as MOVIES
from service.backoffice.places.routes import ENDPOINTS as PLACES
from service.backoffice.sessions.routes import ENDPOINTS as SESSIONS
from service.backoffice.users.routes import ENDPOINTS as USERS

ENDPOINTS = [*MOVIES, *PLACES, *SESSIONS, *USERS]
