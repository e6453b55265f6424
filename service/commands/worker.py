"""`worker`: see `service.worker`."""

import argparse
import os
from pathlib import Path

import asyncpg

from service import logs, worker
from service.ids import NoNode
from service.postgres import UNREACHABLE
from service.settings import Settings
from service.supervisor import DataFolder, StartError

from . import running

HELP = "Run jobs, and nothing else, until Ctrl-C: e-mails, waitlists and chores."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    running.add_arguments(parser)
    parser.add_argument("--metrics-port", type=int, metavar="PORT", help="answer Prometheus on this port")


def run(arguments: argparse.Namespace) -> None:
    settings = Settings.from_environment(environment(arguments.data))
    logs.configure(settings.log_format)
    try:
        worker.run_until_signalled(settings, metrics_port=arguments.metrics_port)
    except (*UNREACHABLE, asyncpg.PostgresError, NoNode) as failure:
        raise StartError(f"Postgres: {str(failure) or type(failure).__name__}") from None


def environment(folder: Path) -> dict[str, str]:
    """The environment, with what it lacks as the service on the data folder has it. Raises `StartError`."""
    found = {"MAIL_FOLDER": str(folder / "mail"), **{name: value for name, value in os.environ.items() if value}}
    found["DATABASE_URL"], found["REDIS_URL"] = running.database_url(folder), running.redis_url(folder)
    if "JWT_SECRETS" not in found:
        found["JWT_SECRETS"] = DataFolder(folder).jwt_secret()
    return found
