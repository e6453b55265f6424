"""`create-admin`: the first account that may do everything."""

import argparse
import asyncio
import getpass
import os
import secrets
import sys
from pathlib import Path

from service import migrations
from service.settings import Settings
from service.supervisor import StartError, connected, create_admin

from . import database

HELP = "Create an administrator, or make one of an existing account."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    database.add_arguments(parser)


def run(arguments: argparse.Namespace) -> None:
    password = _password(from_input=arguments.password_stdin or not sys.stdin.isatty())
    asyncio.run(_create(arguments.data, arguments.email, password))
    print(f"{arguments.email} is an administrator.")


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise StartError("The two passwords differ.")
    return password


async def _create(folder: Path, email: str, password: str) -> None:
    async with database.opened_database(folder) as url, connected(url) as connection:
        await asyncio.to_thread(migrations.apply, url)
        # Neither Redis nor a token has a part in this, so their settings need not be there.
        unused = {"REDIS_URL": "redis://", "JWT_SECRETS": secrets.token_hex(32)}
        settings = Settings.from_environment({**unused, **os.environ, "DATABASE_URL": url})
        await create_admin(connection, settings, email, password)
