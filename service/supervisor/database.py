"""Making Postgres and Redis ready for the workers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
from pydantic import ValidationError
from redis.exceptions import ResponseError

from holds.errors import StoreUnavailable
from holds.runner import ScriptRunner
from service import migrations, seeding
from service.accounts import admin
from service.settings import Settings

from .errors import StartError
from .progress import Progress

if TYPE_CHECKING:
    from service.postgres import Connection

REACH_SECONDS = 10.0


async def prepare(settings: Settings, progress: Progress, *, seed: bool) -> bool:
    """Migrate, load the sample data into an empty database if asked, create the first admin if one is named.

    Returns whether the sample accounts are there. Raises `StartError` when a server cannot be reached.
    """
    await _check_redis(settings.redis_url)
    async with connected(settings.database_url) as connection:
        with progress.step("Migrating the database"):
            await asyncio.to_thread(migrations.apply, settings.database_url)
        if seed:
            with progress.step("Loading the sample data"):
                await seeding.seed_if_empty(connection)
        await _create_first_admin(connection, settings)
        return await _has_sample_accounts(connection)


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator["Connection"]:
    """A connection to Postgres. Raises `StartError` when there is none to be had."""
    try:
        connection = await asyncpg.connect(database_url, timeout=REACH_SECONDS)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        reason = str(failure) or type(failure).__name__
        raise StartError(f"Postgres cannot be reached at DATABASE_URL: {reason}") from None
    try:
        yield connection
    finally:
        await connection.close()


async def _check_redis(url: str) -> None:
    try:
        async with ScriptRunner.open(url) as redis:
            await redis.command("PING")
    except (ValueError, StoreUnavailable, ResponseError) as failure:
        raise StartError(f"Redis cannot be reached at REDIS_URL: {failure}") from None


async def _create_first_admin(connection: "Connection", settings: Settings) -> None:
    email, password = settings.holdfast_admin_email, settings.holdfast_admin_password
    if (email is None) != (password is None):
        raise StartError("HOLDFAST_ADMIN_EMAIL and HOLDFAST_ADMIN_PASSWORD go together: one is missing.")
    if email and password:
        await create_admin(connection, settings, email, password)


async def create_admin(connection: "Connection", settings: Settings, email: str, password: str) -> None:
    """Create an admin, or make one of the account with that address. Raises `StartError` when they are not valid."""
    try:
        await admin.create_admin(connection, settings, email, password)
    except ValidationError as invalid:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in invalid.errors())
        raise StartError(f"The administrator cannot be created: {faults}") from None


async def _has_sample_accounts(connection: "Connection") -> bool:
    found = await connection.fetchval("SELECT EXISTS (SELECT FROM users WHERE email = 'customer1@holdfast.example')")
    return bool(found)
