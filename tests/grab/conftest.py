"""A worker process, rows for it, and the crowd as a person lets it loose."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from service.settings import Settings
from tests.service.conftest import app, client, factory, new_session, postgres, resources, settings
from tests.service.worker import Worker, running_worker

__all__ = ["app", "client", "factory", "new_session", "postgres", "resources", "settings"]

Grab = Callable[..., Awaitable[tuple[int | None, str]]]


@pytest.fixture
async def worker(settings: Settings) -> AsyncIterator[Worker]:
    async with running_worker(settings) as worker:
        yield worker


@pytest.fixture
def grab(worker: Worker, settings: Settings, tmp_path: Path) -> Grab:
    """`scripts/grab` on the worker with these options: its exit status and what it printed."""

    async def run(*options: str, database: bool = True) -> tuple[int | None, str]:
        places = {"DATABASE_URL": settings.database_url, "JWT_SECRETS": settings.jwt_secrets[0]} if database else {}
        own = ("--url", worker.url, "--plot", str(tmp_path / "grab.html"), "--data", str(tmp_path / "none"))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "grab", *own, *options), stdout=PIPE, stderr=STDOUT, env={**os.environ, **places}
        )
        async with asyncio.timeout(60):
            output, _ = await process.communicate()
        return process.returncode, output.decode()

    return run
