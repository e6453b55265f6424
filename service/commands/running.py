"""The servers of a service that runs: the environment's, or those of its data folder."""

import argparse
import os
from pathlib import Path

from service.supervisor import DataFolder, StartError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("data"),
        help="the data folder of the service, when DATABASE_URL or REDIS_URL is not set (./data)",
    )


def database_url(folder: Path) -> str:
    """Where the service's database is. Raises `StartError` when nothing was ever served from the folder."""
    if named := os.environ.get("DATABASE_URL"):
        return named
    try:
        return DataFolder(folder).postgres().url
    except OSError:
        raise _nothing_in(folder) from None


def redis_url(folder: Path) -> str:
    """Where the service's Redis is. Raises `StartError` when none runs in the folder."""
    if named := os.environ.get("REDIS_URL"):
        return named
    redis = DataFolder(folder).redis()
    if not redis.socket.exists():
        raise _nothing_in(folder)
    return redis.url


def _nothing_in(folder: Path) -> StartError:
    return StartError(
        f"No service runs on the data folder {folder}: start scripts/serve, or name its folder with --data."
    )
