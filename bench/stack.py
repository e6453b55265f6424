"""A service with its servers, durable as in production, on data of the run's own."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit, urlunsplit

from bench import servers
from bench.servers import Server
from bench.world import World
from service import migrations
from service.embedded import EmbeddedPostgres, EmbeddedRedis

HOLD_SECONDS = 600
"""Ten times the usual, so that a booking outlives the rounds in which its seats are changed."""
OPEN_BOOKINGS = 1_000
CHEAP_PASSWORDS = {"ARGON2_TIME_COST": "1", "ARGON2_MEMORY_KIB": "8", "ARGON2_PARALLELISM": "1"}
"""Nobody logs in while something is measured: tokens are minted."""


@dataclass(frozen=True)
class Stack:
    """What the cases share. `environment` is that of the service's workers."""

    workers: int
    environment: Mapping[str, str]
    world: World
    service: Server
    bare: Server
    redis: EmbeddedRedis
    postgres: EmbeddedPostgres

    @property
    def watched(self) -> Mapping[str, Sequence[int]]:
        """The processes whose time is counted, by name."""
        redis = self.redis.process_id
        return {
            "service": self.service.processes,
            "bare": self.bare.processes,
            "redis": [] if redis is None else [redis],
        }

    async def new_database(self, name: str) -> str:
        """The URL of another database, migrated and empty."""
        await self.world.create_database(name)
        url = urlunsplit(urlsplit(self.postgres.url)._replace(path=f"/{name}"))
        await asyncio.to_thread(migrations.apply, url)
        return url


@asynccontextmanager
async def opened(folder: Path, workers: int) -> AsyncIterator[Stack]:
    """Servers in `folder`, which must be empty and which the user of Postgres can enter."""
    postgres, redis = EmbeddedPostgres(folder / "postgres"), EmbeddedRedis(folder / "redis")
    await asyncio.gather(postgres.start(), redis.start())
    try:
        await asyncio.to_thread(migrations.apply, postgres.url)
        environment = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "JWT_SECRETS": token_urlsafe(48),
            "HOLD_SECONDS": str(HOLD_SECONDS),
            "MAX_OPEN_BOOKINGS": str(OPEN_BOOKINGS),
            **CHEAP_PASSWORDS,
        }
        async with (
            World.opened(environment) as world,
            servers.running(servers.SERVICE, workers, environment) as service,
            servers.running(servers.BARE, workers, {}) as bare,
        ):
            yield Stack(workers, environment, world, service, bare, redis, postgres)
    finally:
        await asyncio.gather(postgres.stop(), redis.stop())
        postgres.remove()
