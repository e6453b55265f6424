"""The same three endpoints as one would write them on Postgres alone: a transaction each, which locks the pool's row.

Tokens are checked and ids are minted by the service's own code, and there are as many connections as the service has.
"""

import os
from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg
import orjson
from aiohttp import web

from bench.references import queries, serving
from service.ids import Entity
from service.lifespan import opened
from service.resources import Resources
from service.settings import Settings

CONNECTIONS = 10
"""As `service.postgres` has them; but they are waited for as long as it takes."""
RESOURCES = web.AppKey("resources", Resources)
POOL: web.AppKey["asyncpg.Pool[asyncpg.Record]"] = web.AppKey("pool")


async def book(request: web.Request) -> web.Response:
    user_id, resources = _user(request), request.app[RESOURCES]
    session_id = _number(Entity.SESSION, request.match_info["session_id"])
    async with request.app[POOL].acquire() as connection:
        booking_id, seconds = resources.ids.next(), resources.settings.hold_seconds
        booking = await queries.insert_booking(connection, booking_id, session_id, user_id, seconds)
    if booking is None:
        raise web.HTTPNotFound
    return _answer(booking, 201)


async def reserve(request: web.Request) -> web.Response:
    user_id, booking_id = _user(request), _number(Entity.BOOKING, request.match_info["booking_id"])
    seats = orjson.loads(await request.read())["seats"]
    async with request.app[POOL].acquire() as connection, connection.transaction():
        booking = await queries.lock_booking(connection, booking_id, user_id)
        if booking is None:
            raise web.HTTPNotFound
        held = await queries.held_by_others(connection, booking["session_id"], booking_id)
        if booking["sold"] + held + seats > booking["capacity"]:
            raise web.HTTPConflict
        await queries.set_seats(connection, booking_id, seats)
    return _answer(booking, 200, seats=seats)


async def confirm(request: web.Request) -> web.Response:
    user_id, booking_id = _user(request), _number(Entity.BOOKING, request.match_info["booking_id"])
    async with request.app[POOL].acquire() as connection, connection.transaction():
        booking = await queries.lock_booking(connection, booking_id, user_id)
        if booking is None:
            raise web.HTTPNotFound
        if booking["seats"] == 0:
            raise web.HTTPConflict
        await queries.confirm(connection, booking_id)
        await queries.add_sold(connection, booking["session_id"], booking["seats"])
    return _answer(booking, 200)


def _user(request: web.Request) -> int:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        raise web.HTTPUnauthorized
    return request.app[RESOURCES].tokens.verify(token).user_id


def _number(entity: Entity, public: str) -> int:
    number = entity.number(public)
    if number is None:
        raise web.HTTPNotFound
    return number


def _answer(booking: asyncpg.Record, status: int, **changed: int) -> web.Response:
    moments: dict[str, datetime] = {name: booking[name] for name in ("created_at", "closes_at")}
    shown = {
        "id": Entity.BOOKING.public(booking["id"]),
        "session_id": Entity.SESSION.public(booking["session_id"]),
        "reserved_seats": booking["seats"],
        **changed,
        **moments,
    }
    return web.Response(body=orjson.dumps({"booking": shown}), status=status, content_type="application/json")


async def _resources(app: web.Application) -> AsyncIterator[None]:
    settings = Settings.from_environment(os.environ)
    async with (
        opened(settings) as resources,
        asyncpg.create_pool(settings.database_url, min_size=CONNECTIONS, max_size=CONNECTIONS, reset=_keep) as pool,
    ):
        app[RESOURCES], app[POOL] = resources, pool
        yield


async def _keep(connection: object) -> None:
    """Nobody sets session state, so that a checkout need not pay for a reset, as in `service.postgres`."""


def create_app() -> web.Application:
    app = web.Application()
    app.cleanup_ctx.append(_resources)
    app.router.add_post("/v1/sessions/{session_id}/book", book)
    app.router.add_post("/v1/bookings/{booking_id}/reserve", reserve)
    app.router.add_post("/v1/bookings/{booking_id}/confirm", confirm)
    return app


if __name__ == "__main__":
    serving.main(create_app)
