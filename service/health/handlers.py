"""The handlers of `/livez` and `/readyz`."""

import asyncio

from holds.errors import StoreUnavailable
from service import migrations
from service.errors import SERVICE_UNAVAILABLE, ApiError
from service.health.schemas import Alive, Check, Readiness
from service.http.endpoint import Call
from service.postgres import UNREACHABLE
from service.resources import Resources


async def live(call: Call[None, None]) -> Alive:
    """Tell whether the process runs"""
    return Alive()


async def ready(call: Call[None, None]) -> Readiness:
    """Tell whether the process can serve

    503 while Redis or Postgres is out of reach, or migrations are pending; the error carries the answer as `checks`.
    """
    redis, (postgres, pending) = await asyncio.gather(_redis(call.resources), _postgres(call.resources))
    healthy = redis == postgres == pending == "ok"
    readiness = Readiness(status="ok" if healthy else "unavailable", redis=redis, postgres=postgres, migrations=pending)
    if not healthy:
        raise ApiError(SERVICE_UNAVAILABLE, {"checks": readiness.model_dump()})
    return readiness


async def _redis(resources: Resources) -> Check:
    try:
        await resources.redis.command("PING")
    except StoreUnavailable:
        return "unreachable"
    return "ok"


async def _postgres(resources: Resources) -> tuple[Check, Check]:
    try:
        async with resources.postgres.acquire() as connection:
            current = await migrations.is_current(connection)
    except UNREACHABLE:
        return "unreachable", "unreachable"
    return "ok", "ok" if current else "pending"
