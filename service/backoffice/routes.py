"""The paths of the back office."""

from service.backoffice.actors.routes import ENDPOINTS as ACTORS
from service.backoffice.genres.routes import ENDPOINTS as GENRES
from service.backoffice.jobs.routes import ENDPOINTS as JOBS
from service.backoffice.movies.routes import ENDPOINTS as MOVIES
from service.backoffice.places.routes import ENDPOINTS as PLACES
from service.backoffice.posters.routes import ENDPOINTS as POSTERS
from service.backoffice.reservations.routes import ENDPOINTS as RESERVATIONS
from service.backoffice.sessions.routes import ENDPOINTS as SESSIONS
from service.backoffice.users.routes import ENDPOINTS as USERS

ENDPOINTS = [*MOVIES, *POSTERS, *GENRES, *ACTORS, *PLACES, *SESSIONS, *RESERVATIONS, *USERS, *JOBS]
