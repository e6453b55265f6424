"""The composition root: the one place where everything meets."""

from functools import partial

from aiohttp import web
from aiohttp.typedefs import Middleware

from service import openapi, pages
from service.accounts.routes import ENDPOINTS as ACCOUNTS
from service.backoffice.importing.routes import ENDPOINTS as IMPORTS
from service.backoffice.routes import ENDPOINTS as BACKOFFICE
from service.bookings.routes import ENDPOINTS as BOOKINGS
from service.catalogue.routes import ENDPOINTS as CATALOGUE
from service.discovery.routes import API as DISCOVERY
from service.health.routes import ENDPOINTS as HEALTH
from service.http.api import Api, mount
from service.http.boundary import DIALECT, boundary
from service.http.cors import preflights, readable
from service.http.dialect import CinemaDialect
from service.http.input import MAX_BODY_BYTES
from service.http.serving import register
from service.lifespan import resources_of
from service.live.routes import ENDPOINTS as LIVE
from service.live.streams import end_streams
from service.metrics import exposition
from service.metrics.requests import RequestTallies
from service.posters.routes import ENDPOINTS as POSTERS
from service.ratings.routes import ENDPOINTS as RATINGS
from service.reports.routes import ENDPOINTS as REPORTS
from service.seats.routes import ENDPOINTS as SEATS
from service.settings import Settings
from service.showtimes.routes import ENDPOINTS as SHOWTIMES
from service.ticketing.api import API as TICKETING
from service.tracking.routes import ENDPOINTS as TRACKING

CINEMA = Api(
    prefix="",
    dialect=CinemaDialect(),
    tags={
        "Accounts": ACCOUNTS,
        "Catalogue": [*CATALOGUE, *POSTERS, *SHOWTIMES],
        "Ratings": RATINGS,
        "Bookings": [*BOOKINGS, *SEATS],
        "Live": LIVE,
        "Analytics": TRACKING,
        "Back office": [*BACKOFFICE, *IMPORTS, *REPORTS],
        "Health": HEALTH,
    },
)
MOUNTED = (DISCOVERY, TICKETING)
"""The APIs that speak differently, each below a prefix of its own."""
APIS = (CINEMA, *MOUNTED)


def create_app(settings: Settings) -> web.Application:
    """The service as one aiohttp application."""
    tallies = RequestTallies()
    middlewares: list[Middleware] = [boundary(CINEMA.dialect, tallies.add)]
    if settings.cors_origins:
        middlewares.insert(0, preflights(settings.cors_origins))
    app = web.Application(middlewares=middlewares, client_max_size=MAX_BODY_BYTES)
    app[DIALECT] = CINEMA.dialect
    if settings.cors_origins:
        app.on_response_prepare.append(readable(settings.cors_origins))
    app.cleanup_ctx.append(partial(resources_of, settings))
    app.on_shutdown.append(end_streams)
    for endpoints in CINEMA.tags.values():
        register(app, endpoints)
    openapi.register(app, APIS)
    pages.register(app, settings.home_timezone)
    exposition.register(app, tallies)
    for api in MOUNTED:
        mount(app, api)
    return app
