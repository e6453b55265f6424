"""Postgres, Redis and the secret that signs tokens: the environment's, or our own under the data folder."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from .data_folder import DataFolder
from .errors import StartError
from .keeping import Kept
from .progress import Progress


@dataclass(frozen=True)
class Backends:
    """The environment with every place and secret filled in, and the servers to keep alive by their names."""

    environment: Mapping[str, str]
    servers: Mapping[str, Kept]


@asynccontextmanager
async def opened_backends(
    folder: DataFolder, given: Mapping[str, str], progress: Progress, *, fresh: bool = False
) -> AsyncIterator[Backends]:
    """Start what `given` does not name; afterwards stop it, Redis before Postgres.

    The data folder is touched only if something is missing. Raises `StartError`, `EmbeddedServerError`.
    """
    missing = [name for name in ("DATABASE_URL", "REDIS_URL", "JWT_SECRETS") if not given.get(name)]
    filled: dict[str, str] = {}
    servers: dict[str, Kept] = {}
    async with AsyncExitStack() as stack:
        if missing and not stack.enter_context(folder.claim(fresh=fresh)):
            raise StartError(f"Holdfast already runs on the data folder {folder.path}.")
        if "DATABASE_URL" in missing:
            servers["Postgres"] = postgres = folder.postgres()
            stack.push_async_callback(postgres.stop)
            with progress.step("Starting Postgres"):
                await postgres.start()
            filled["DATABASE_URL"] = postgres.url
        if "REDIS_URL" in missing:
            servers["Redis"] = redis = folder.redis()
            stack.push_async_callback(redis.stop)
            with progress.step("Starting Redis"):
                await redis.start()
            filled["REDIS_URL"] = redis.url
        if "JWT_SECRETS" in missing:
            filled["JWT_SECRETS"] = folder.jwt_secret()
        yield Backends({**given, **filled}, servers)
