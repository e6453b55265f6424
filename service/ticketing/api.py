"""The ticketing API, put together from its parts."""

from service.http.api import Api
from service.ticketing.dialect import TicketingDialect
from service.ticketing.health.routes import ENDPOINTS as HEALTH
from service.ticketing.tickets.routes import ENDPOINTS as TICKETS

API = Api("/ticketing", TicketingDialect(), {"Ticketing": [*HEALTH, *TICKETS]})
