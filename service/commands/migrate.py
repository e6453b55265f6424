"""`migrate`: bring the schema up to date."""

import argparse
import asyncio
from pathlib import Path

from service import migrations
from service.supervisor import connected

from .database import add_arguments, opened_database

__all__ = ["HELP", "add_arguments", "run"]

HELP = "Apply the migrations that are pending."


def run(arguments: argparse.Namespace) -> None:
    print(f"Applied {asyncio.run(_migrate(arguments.data))} migrations.")


async def _migrate(folder: Path) -> int:
    async with opened_database(folder) as url, connected(url):
        return await asyncio.to_thread(migrations.apply, url)
