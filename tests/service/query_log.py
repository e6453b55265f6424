"""What a request asks of Postgres."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg.connection

from service.postgres import Connection, Postgres

_BACKGROUND = ("token_revocations", "node_leases", "typeinfo_tree", "set_config('jit'")
"""Tables that the service polls by itself, and what asyncpg asks once of a type that is new to a connection."""


@asynccontextmanager
async def logged_queries(postgres: Postgres) -> AsyncIterator[list[str]]:
    """The statements that go through `postgres` within the block, as they come."""
    statements: list[str] = []

    def note(query: "asyncpg.connection.LoggedQuery") -> None:
        if not any(table in query.query for table in _BACKGROUND):
            statements.append(query.query)

    acquire = postgres.acquire

    @asynccontextmanager
    async def logging_acquire() -> AsyncIterator[Connection]:
        async with acquire() as connection:
            with connection.query_logger(note):
                yield connection

    postgres.acquire = logging_acquire  # type: ignore[method-assign]
    try:
        yield statements
    finally:
        del postgres.acquire
