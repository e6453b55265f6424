"""What a process opens and closes, in order."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from functools import partial

from aiohttp import web

from holds.engine import HoldEngine
from holds.runner import ScriptRunner
from service.accounts.passwords import Passwords
from service.accounts.revocations import Revocations
from service.accounts.tokens import Tokens
from service.audit.job import AuditJob
from service.bookings import selling as bookings
from service.errors import SEATS_UNAVAILABLE
from service.http.cursors import Cursors
from service.ids import SnowflakeGenerator
from service.inventory import load_inventory
from service.live.hub import Hub
from service.node_lease import leased
from service.posters.keeping import Posters
from service.postgres import Postgres
from service.resources import RESOURCES, Resources
from service.sales import Sales
from service.seat_plans.cache import SeatPlans
from service.settings import Settings
from service.settling import Settling
from service.ticketing.errors import TICKET_NOT_RESERVED
from service.ticketing.pools import EventPools
from service.ticketing.tickets import selling as tickets
from service.ticketing.waitlist.line import read_line
from service.timing import timing_of
from service.tracking.recorder import VisitRecorder


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Resources]:
    """The resources of one process. What was opened last is closed first; requests in flight must have ended."""
    async with AsyncExitStack() as stack:
        postgres = await stack.enter_async_context(Postgres.open(settings.database_url))
        redis = await stack.enter_async_context(ScriptRunner.open(settings.redis_url))
        ids = SnowflakeGenerator()
        await stack.enter_async_context(leased(postgres, ids))
        revocations = Revocations(postgres, settings.token_seconds)
        await stack.enter_async_context(revocations.polling())
        read = partial(load_inventory, postgres)
        lines = partial(read_line, postgres, redis, settings)
        seat_plans = SeatPlans(postgres)
        engine = HoldEngine(redis, read, timing_of(settings), read_line=lines, read_seating=seat_plans.seating)
        stack.push_async_callback(engine.close)
        live = await stack.enter_async_context(Hub.running(engine, settings.live_streams))
        settling = Settling(postgres, engine, partial(bookings.sell, seat_plans), read, SEATS_UNAVAILABLE)
        sales = Sales(postgres, settling)
        stack.push_async_callback(sales.drain)
        ticket_sales = Sales(postgres, Settling(postgres, engine, tickets.sell, read, TICKET_NOT_RESERVED))
        stack.push_async_callback(ticket_sales.drain)
        visits = VisitRecorder(postgres, ids)
        stack.push_async_callback(visits.drain)
        await stack.enter_async_context(AuditJob(settings, redis).running())
        yield Resources(
            settings=settings,
            postgres=postgres,
            redis=redis,
            engine=engine,
            ids=ids,
            passwords=stack.enter_context(closing(Passwords(settings))),
            posters=stack.enter_context(closing(Posters(settings.poster_folder))),
            tokens=Tokens(settings.jwt_secrets, settings.token_seconds, revocations),
            cursors=Cursors(settings.jwt_secrets),
            seat_plans=seat_plans,
            sales=sales,
            ticket_sales=ticket_sales,
            live=live,
            event_pools=EventPools(postgres),
            visits=visits,
        )


async def resources_of(settings: Settings, app: web.Application) -> AsyncIterator[None]:
    """The application's resources, while it runs."""
    async with opened(settings) as resources:
        app[RESOURCES] = resources
        yield
