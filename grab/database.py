"""The service's database, where this machine has it: for tokens without sign-ups, and for a verdict from the source."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from grab import queries
from service.accounts.revocations import Revocations
from service.accounts.tokens import Tokens
from service.ids import SnowflakeGenerator
from service.node_lease import leased
from service.postgres import UNREACHABLE, Postgres
from service.supervisor import DataFolder

TOKEN_SECONDS = 3_600.0


class Database:
    """Postgres, and the secrets that sign tokens."""

    def __init__(self, postgres: Postgres, secrets: Sequence[str]) -> None:
        self.postgres = postgres
        self._tokens = Tokens(secrets, TOKEN_SECONDS, Revocations(postgres, TOKEN_SECONDS))

    async def tokens(self, count: int) -> list[str]:
        """Tokens of as many customers, made now or by an earlier crowd."""
        generator = SnowflakeGenerator()
        async with leased(self.postgres, generator):
            ids = [generator.next() for _ in range(count)]
            async with self.postgres.acquire() as connection:
                accounts = await queries.accounts(connection, ids)
        return [self.token(user_id) for user_id in accounts]

    def token(self, user_id: int) -> str:
        """A customer's token."""
        return self._tokens.issue(user_id, "customer", 0)


@asynccontextmanager
async def opened(data: Path) -> AsyncIterator[Database | None]:
    """The database that the environment or the data folder names; None when there is none or it does not answer."""
    url = os.environ.get("DATABASE_URL") or _kept(data)
    secrets = os.environ.get("JWT_SECRETS") or _secret(data)
    async with AsyncExitStack() as stack:
        database = None
        if url and secrets:
            try:
                postgres = await stack.enter_async_context(Postgres.open(url, max_size=4))
                database = Database(postgres, [secret.strip() for secret in secrets.split(",")])
            except UNREACHABLE:
                pass
        yield database


def _kept(data: Path) -> str | None:
    try:
        return DataFolder(data).postgres().url
    except OSError:
        return None


def _secret(data: Path) -> str | None:
    file = data / "jwt-secret"
    return file.read_text() if file.exists() else None
