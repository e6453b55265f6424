"""The composition root: the one place where everything meets."""

from functools import partial

from aiohttp import web
from aiohttp.typedefs import Middleware

from service import openapi
from service.accounts.routes import ENDPOINTS as ACCOUNTS
from service.backoffice.routes import ENDPOINTS as BACKOFFICE
from service.bookings.routes import ENDPOINTS as BOOKINGS
from service.catalogue.routes import ENDPOINTS as CATALOGUE
from service.health.routes import ENDPOINTS as HEALTH
from service.http.boundary import DIALECT, boundary
from service.http.cors import cors
from service.http.dialect import CinemaDialect
from service.http.input import MAX_BODY_BYTES
from service.http.serving import register
from service.lifespan import resources_of
from service.metrics import exposition
from service.metrics.requests import RequestTallies
from service.ratings.routes import ENDPOINTS as RATINGS
from service.settings import Settings
from service.tracking.routes import ENDPOINTS as TRACKING

TAGS = {
    "Accounts": ACCOUNTS,
    "Catalogue": CATALOGUE,
    "Ratings": RATINGS,
    "Bookings": BOOKINGS,
    "Analytics": TRACKING,
    "Back office": BACKOFFICE,
    "Health": HEALTH,
}
"""Every endpoint, under the heading that the documentation gives it."""


def create_app(settings: Settings) -> web.Application:
    """The service as one aiohttp application."""
    dialect, tallies = CinemaDialect(), RequestTallies()
    middlewares: list[Middleware] = [boundary(dialect, tallies.add)]
    if settings.cors_origins:
        middlewares.insert(0, cors(settings.cors_origins))
    app = web.Application(middlewares=middlewares, client_max_size=MAX_BODY_BYTES)
    app[DIALECT] = dialect
    app.cleanup_ctx.append(partial(resources_of, settings))
    for endpoints in TAGS.values():
        register(app, endpoints)
    openapi.register(app, TAGS)
    exposition.register(app, tallies)
    return app
