"""One worker process: the application on one event loop, on a port that it shares with its siblings."""

import argparse
import asyncio
import gc
import logging
import os
import signal

import uvloop
from aiohttp import web

from service import logs
from service.app import create_app
from service.embedded.tether import end_with_parent
from service.settings import Settings

BACKLOG = 8_192
"""How many connections may wait to be accepted, as far as the kernel allows: a premiere's come at once."""
DRAIN_SECONDS = 10.0
"""How long requests in flight may take to finish once the worker is told to stop."""


async def run(settings: Settings, host: str, port: int, ready: int) -> None:
    """Serve until SIGTERM; then accept no more, finish what is in flight, and close what was opened.

    `ready` is a file descriptor that gets one line as soon as requests are answered.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    access_log = logging.getLogger("aiohttp.access") if settings.access_log else None
    runner = web.AppRunner(create_app(settings), access_log=access_log, shutdown_timeout=DRAIN_SECONDS)
    try:
        await runner.setup()
        await web.TCPSite(runner, host, port, reuse_port=True, backlog=BACKLOG).start()
        _spare_the_garbage_collector()
        os.write(ready, b"ready\n")
        await stop.wait()
    finally:
        await runner.cleanup()


def _spare_the_garbage_collector() -> None:
    """Look for reference cycles seldom, and never among what lives as long as the process.

    Requests make few cycles and many objects; looking at them took a fifth of the time of a busy worker.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m service.server", description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ready", type=int, required=True, help="a file descriptor to report readiness to")
    parser.add_argument("--parent", type=int, required=True, help="the process to end with")
    arguments = parser.parse_args()
    end_with_parent(arguments.parent, signal.SIGTERM)
    settings = Settings.from_environment(os.environ)
    logs.configure(settings.log_format)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(settings, arguments.host, arguments.port, arguments.ready))


if __name__ == "__main__":
    main()
