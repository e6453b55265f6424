"""Sending a subscriber's events over HTTP.

aiohttp-sse would put each event in words for each of its readers and run a task for each besides; here hundreds of them
get the same bytes, and the hub's heartbeat.
"""

import random
import socket
from time import perf_counter

from aiohttp import web

from service.http.boundary import ANSWERED_AT, NAME, REQUEST_ID
from service.live import events, metrics
from service.live.subscriber import Subscriber
from service.resources import RESOURCES

HEADERS = {
    "Content-Type": events.MEDIA_TYPE,
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events back
}
SEND_BUFFER_BYTES = 64 * 1024
"""What the kernel keeps for a reader that does not keep up: a connection that is let alone takes some megabytes."""
RETRY_MILLISECONDS = (1_000, 3_000)
"""When those come back who lost the connection: not all at the same moment."""


def subscriber_of(request: web.Request) -> Subscriber:
    """Whoever reads the answer to the request."""

    def cut() -> None:
        metrics.DROPPED.inc()
        if request.transport is not None:
            request.transport.abort()

    return Subscriber(cut, lambda: request.transport is None)


async def send(request: web.Request, subscriber: Subscriber) -> web.StreamResponse:
    """Send the subscriber's events until they end, or the reader leaves."""
    response = web.StreamResponse(headers={**HEADERS, REQUEST_ID: request[NAME]})
    _keep_little(request)
    try:
        await response.prepare(request)
        request[ANSWERED_AT] = perf_counter()
        await response.write(events.retry(random.randint(*RETRY_MILLISECONDS)))  # noqa: S311  # no secret
        while told := await subscriber.take():
            await response.write(told)
        await response.write_eof()
    except ConnectionError:  # the reader left, or was dropped
        pass
    return response


async def end_streams(app: web.Application) -> None:
    """End what would never end by itself, before requests in flight are waited for."""
    await app[RESOURCES].live.end()


def _keep_little(request: web.Request) -> None:
    transport = request.transport
    connection = None if transport is None else transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
