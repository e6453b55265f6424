"""`GET /metrics`: what a Prometheus server reads."""

import asyncio
import os
from collections.abc import AsyncIterator

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from service.metrics import FOLDER
from service.metrics.requests import RequestTallies


def register(app: web.Application, tallies: RequestTallies) -> None:
    """Serve the metrics, those of `tallies` among them; they are not for the public."""

    async def expose(request: web.Request) -> web.Response:
        tallies.flush()
        # In a thread: it reads the files of all workers, which takes some milliseconds.
        text = await asyncio.to_thread(_text)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def flushing(app: web.Application) -> AsyncIterator[None]:
        async with tallies.flushing():
            yield

    app.cleanup_ctx.append(flushing)
    app.router.add_get("/metrics", expose)


def _text() -> bytes:
    """The metrics of all workers, or of this process where it is the only one."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
