"""Serving a reference on one event loop, as `service.server` serves the service."""

import argparse
import asyncio
import os
import signal
from collections.abc import Callable

import uvloop
from aiohttp import web

from service.embedded.tether import end_with_parent


def main(create_app: Callable[[], web.Application]) -> None:
    """Serve until SIGTERM; the command line is that of `service.server`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    for name in ("--port", "--ready", "--parent"):
        parser.add_argument(name, type=int, required=True)
    arguments = parser.parse_args()
    end_with_parent(arguments.parent, signal.SIGTERM)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(create_app(), arguments))


async def _serve(app: web.Application, arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = web.AppRunner(app, access_log=None)
    try:
        await runner.setup()
        await web.TCPSite(runner, arguments.host, arguments.port, reuse_port=True, backlog=1024).start()
        os.write(arguments.ready, b"ready\n")
        await stop.wait()
    finally:
        await runner.cleanup()
