"""What the handlers of one process share; `lifespan` opens and closes it."""

from dataclasses import dataclass, field

from aiohttp import web

from holds.engine import HoldEngine
from holds.runner import ScriptRunner
from service.accounts.passwords import Passwords
from service.accounts.tokens import Tokens
from service.bookings.selling import Sale, Settled
from service.http.cursors import Cursors
from service.ids import SnowflakeGenerator
from service.live.hub import Hub
from service.posters.keeping import Posters
from service.postgres import Postgres
from service.sales import Sales
from service.seat_plans.cache import SeatPlans
from service.seats.looking import Looks
from service.seats.prices import Prices
from service.settings import Settings
from service.ticketing.pools import EventPools
from service.ticketing.tickets.selling import TicketSale
from service.tracking.recorder import VisitRecorder


@dataclass(frozen=True, slots=True)
class Resources:
    """Everything a handler may need of the process."""

    settings: Settings
    postgres: Postgres
    redis: ScriptRunner
    engine: HoldEngine
    ids: SnowflakeGenerator
    passwords: Passwords
    posters: Posters
    tokens: Tokens
    cursors: Cursors
    seat_plans: SeatPlans
    sales: Sales[Sale, Settled]
    ticket_sales: Sales[TicketSale, None]
    live: Hub
    event_pools: EventPools
    visits: VisitRecorder
    seat_prices: Prices = field(default_factory=Prices)
    looks: Looks = field(default_factory=Looks)


RESOURCES = web.AppKey("resources", Resources)
