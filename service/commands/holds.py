"""`holds`: who holds which seats, and for how long yet."""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from rich.console import Console
from rich.live import Live
from rich.table import Table

from holds import scanning
from holds.errors import StoreUnavailable
from holds.inspection import LiveHold, live_holds
from holds.runner import ScriptRunner
from service.ids import Entity
from service.supervisor import StartError

from . import running

HELP = "Show the live holds of a running service, the next to end first."
REFRESH_SECONDS = 1.0
PLAIN_WIDTH = 160
MOST = 1_000
POOLS_AT_ONCE = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--session", type=session, metavar="ID", help="only this session's, such as ses_1")
    parser.add_argument("--limit", type=limit, default=40, help=f"how many to show, up to {MOST} (%(default)s)")
    parser.add_argument("--watch", action="store_true", help="show them anew every second, until Ctrl-C")
    running.add_arguments(parser)


def session(text: str) -> str:
    if Entity.SESSION.number(text) is None:
        raise argparse.ArgumentTypeError(f"{text} is not a session's id, such as ses_1")
    return text


def limit(text: str) -> int:
    if not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"at least 1 and at most {MOST}")
    return int(text)


def run(arguments: argparse.Namespace) -> None:
    console = Console()
    with suppress(KeyboardInterrupt):
        asyncio.run(_show(console, running.redis_url(arguments.data), arguments))


async def _show(console: Console, url: str, arguments: argparse.Namespace) -> None:
    try:
        async with ScriptRunner.open(url) as runner:
            if not console.is_terminal:
                console.width = PLAIN_WIDTH
                console.print(await _table(runner, url, arguments), markup=False)
                return
            with Live(await _table(runner, url, arguments), console=console, auto_refresh=False) as live:
                while arguments.watch:
                    await asyncio.sleep(REFRESH_SECONDS)
                    live.update(await _table(runner, url, arguments), refresh=True)
    except (StoreUnavailable, ValueError) as failure:
        raise StartError(f"Redis: {failure}") from None


async def _table(runner: ScriptRunner, url: str, arguments: argparse.Namespace) -> Table:
    count, listed = await next_to_end(runner, _pools(url, arguments.session), arguments.limit)
    more = f", and {count - len(listed)} more" if count > len(listed) else ""
    table = Table(
        title=f"{count} live holds at {time.strftime('%H:%M:%S')}",
        caption=f"{len(listed)} shown{more}",
        title_justify="left",
        caption_justify="left",
        box=None,
        pad_edge=False,
    )
    for name in ("session", "booking", "owner"):
        table.add_column(name, no_wrap=True)
    table.add_column("seats", justify="right")
    table.add_column("state")
    table.add_column("seconds left", justify="right")
    table.add_column("which seats")
    for hold in listed:
        left, labels = f"{hold.left / 1_000:.1f}", " ".join(hold.labels)
        table.add_row(hold.pool, hold.id, hold.owner, str(hold.seats), hold.state, left, labels)
    return table


async def _pools(url: str, only: str | None) -> AsyncIterator[Sequence[str]]:
    if only is not None:
        yield [only]
        return
    async for batch in scanning.pools(url):
        yield batch


async def next_to_end(
    runner: ScriptRunner, pools: AsyncIterator[Sequence[str]], most: int
) -> tuple[int, Sequence[LiveHold]]:
    """How many live holds the pools have, and the `most` of them that end next. Raises `StoreUnavailable`."""
    total, listed, seen = 0, list[LiveHold](), set[str]()
    async for batch in pools:
        names = [pool for pool in dict.fromkeys(batch) if pool not in seen]
        seen.update(names)
        for first in range(0, len(names), POOLS_AT_ONCE):
            chunk = names[first : first + POOLS_AT_ONCE]
            for count, found in await asyncio.gather(*(live_holds(runner, pool, most) for pool in chunk)):
                total += count
                listed += found
            listed = sorted(listed, key=lambda hold: hold.left)[:most]
    return total, listed
