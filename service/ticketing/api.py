"""The ticketing API, put together from its parts."""

from service.http.api import Api
from service.ticketing.dialect import TicketingDialect
from service.ticketing.health.routes import ENDPOINTS as HEALTH

API = Api("/ticketing", TicketingDialect(), {"Ticketing": [*HEALTH]})
