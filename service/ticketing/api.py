"""The ticketing API, put together from its parts."""

from service.http.api import Api
from service.ticketing.analytics.routes import ENDPOINTS as ANALYTICS
from service.ticketing.dialect import TicketingDialect
from service.ticketing.events.routes import ENDPOINTS as EVENTS
from service.ticketing.health.routes import ENDPOINTS as HEALTH
from service.ticketing.tickets.routes import ENDPOINTS as TICKETS
from service.ticketing.users.routes import ENDPOINTS as USERS
from service.ticketing.waitlist.routes import ENDPOINTS as WAITLIST

API = Api(
    "/ticketing",
    TicketingDialect(),
    {"Ticketing": [*HEALTH, *USERS, *EVENTS, *TICKETS, *WAITLIST, *ANALYTICS]},
)
