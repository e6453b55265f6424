"""`seed`: the sample data."""

import argparse
import asyncio
from pathlib import Path

from service import migrations, seeding
from service.supervisor import connected

from .database import add_arguments, opened_database

__all__ = ["HELP", "add_arguments", "run"]

HELP = "Load the sample data, if the database is empty."


def run(arguments: argparse.Namespace) -> None:
    seeded = asyncio.run(_seed(arguments.data))
    print("Loaded the sample data." if seeded else "The database is not empty: nothing was loaded.")


async def _seed(folder: Path) -> bool:
    async with opened_database(folder) as url, connected(url) as connection:
        await asyncio.to_thread(migrations.apply, url)
        return await seeding.seed_if_empty(connection)
