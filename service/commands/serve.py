"""`serve`: see `service.supervisor`."""

import argparse
import asyncio
import os
from pathlib import Path

from rich.console import Console

from service import supervisor

HELP = "Start everything that is needed, and serve until Ctrl-C."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    parser.add_argument("--port", type=port, default=8080, help="the port to listen on (%(default)s)")
    parser.add_argument("--data", type=Path, default=Path("data"), help="the data folder (./data)")
    parser.add_argument("--workers", type=number, default=1, help="how many processes serve (%(default)s)")
    parser.add_argument(
        "--no-jobs", dest="jobs", action="store_false", help="do not run jobs: `worker` does that, somewhere else"
    )
    parser.add_argument("--no-seed", dest="seed", action="store_false", help="leave an empty database empty")
    parser.add_argument("--fresh", action="store_true", help="first delete everything in the data folder")


def run(arguments: argparse.Namespace) -> None:
    options = supervisor.ServeOptions(
        host=arguments.host,
        port=arguments.port,
        data=arguments.data,
        workers=arguments.workers,
        jobs=arguments.jobs,
        seed=arguments.seed,
        fresh=arguments.fresh,
    )
    asyncio.run(supervisor.serve(options, os.environ, supervisor.Progress(Console())))


def port(text: str) -> int:
    if not 0 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: choose one up to 65535")
    return int(text)


def number(text: str) -> int:
    if not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError("at least 1 and at most 256 workers")
    return int(text)
