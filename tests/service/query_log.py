"""What a request asks of Postgres."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.postgres import Connection, Postgres


@asynccontextmanager
async def logged_queries(postgres: Postgres) -> AsyncIterator[list[str]]:
    """The statements that go through `postgres` within the block, as they come."""
    statements: list[str] = []
    acquire = postgres.acquire

    @asynccontextmanager
    async def logging_acquire() -> AsyncIterator[Connection]:
        async with acquire() as connection:
            with connection.query_logger(lambda query: statements.append(query.query)):
                yield connection

    postgres.acquire = logging_acquire  # type: ignore[method-assign]
    try:
        yield statements
    finally:
        del postgres.acquire
