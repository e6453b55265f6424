"""Accounts and sessions to put a load on, made by SQL, and tokens minted by the service's own `Tokens`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench import queries
from service.lifespan import opened
from service.resources import Resources
from service.settings import Settings

PLENTY = 1_000_000_000
"""Seats that no run sells out."""


@dataclass
class World:
    """Rows in the service's database. `customers` only grows, so that cases share them."""

    resources: Resources
    _tokens: list[str] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def opened(cls, environment: Mapping[str, str]) -> AsyncIterator["World"]:
        """A world with the resources of a worker that has this environment."""
        async with opened(Settings.from_environment(environment)) as resources:
            yield cls(resources)

    async def tokens(self, count: int) -> Sequence[str]:
        """Tokens of as many customers, all with one password."""
        missing = [self.resources.ids.next() for _ in range(count - len(self._tokens))]
        if missing:
            password = await self.resources.passwords.hash("correct horse battery")
            async with self.resources.postgres.acquire() as connection:
                await queries.insert_users(connection, missing, password)
            self._tokens += [self.resources.tokens.issue(user_id, "customer", 0) for user_id in missing]
        return self._tokens[:count]

    async def sessions(self, count: int, capacity: int = PLENTY) -> Sequence[int]:
        """New sessions of a new movie, each at a place of its own, tomorrow."""
        ids = self.resources.ids
        movie_id, rows = ids.next(), [(ids.next(), ids.next()) for _ in range(count)]
        async with self.resources.postgres.transaction() as connection:
            await queries.insert_movie(connection, movie_id)
            await queries.insert_sessions(connection, movie_id, rows, capacity)
        return [session_id for session_id, _ in rows]

    async def create_database(self, name: str) -> None:
        """Another database on the same server."""
        async with self.resources.postgres.acquire() as connection:
            await connection.execute(f'CREATE DATABASE "{name}"')


async def sold_seats(world: World, session_id: int) -> int:
    """How many seats of the session are sold by now, whatever of its rows one believes."""
    async with world.resources.postgres.acquire() as connection:
        return await queries.sold_seats(connection, session_id)
