"""`scripts/grab`: choose sessions, lend accounts, let the crowd loose, and judge."""

import asyncio
import resource
import sys
from collections.abc import Sequence

import aiohttp
from rich.console import Console

from grab import accounts, database, hosts, plot, sessions, showing, verdict
from grab.api import REQUEST_SECONDS, Api
from grab.crowd import Crowd
from grab.database import Database
from grab.errors import GrabError
from grab.options import Options, parse
from grab.recording import Recording
from grab.verdict import Verdict
from service.postgres import UNREACHABLE

SPARE_FILES = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; the exit status is 1 when a seat was oversold or a sale lost, or the crowd could not start."""
    options = parse(arguments)
    console = Console()
    try:
        hosts.permit(options.url, own_host=options.own_host)
        return asyncio.run(_run(options, console))
    except GrabError as failure:
        print(f"grab: {failure}", file=sys.stderr)
        return 1
    except UNREACHABLE as failure:
        print(f"grab: the database does not answer: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


async def _run(options: Options, console: Console) -> int:
    recording = Recording(options.customers)
    limits = aiohttp.TCPConnector(limit=_connections(options.customers))
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with (
        aiohttp.ClientSession(connector=limits, timeout=timeout) as session,
        database.opened(options.data) as found,
    ):
        api = Api(session, options.url, recording)
        await api.get("/livez")
        source, tokens = await _customers(api, found, options, console)
        chosen = await sessions.chosen(api, source, options.session, options.sessions)
        recording.capacity = sum(shown.capacity for shown in chosen)
        for shown in chosen:
            names = f"{shown.title} at {shown.place}, {shown.starts_at} ({shown.id})"
            console.print(f"{names}: {shown.available} of {shown.capacity} seats free", highlight=False, soft_wrap=True)
        with showing.live(console, recording) as live:
            await Crowd(api, source, options, chosen, recording).run(tokens, live.refresh)
        reached = await verdict.reach(api, source, chosen, recording)
    _tell(console, recording, reached, options)
    return 0 if reached.sound else 1


async def _customers(
    api: Api, found: Database | None, options: Options, console: Console
) -> tuple[Database | None, list[str]]:
    """The database, if it is the service's, and the customers' tokens."""
    if found is not None:
        tokens = await accounts.lent(api, found, options.customers)
        if tokens is not None:
            return found, tokens
    count = min(options.signups, options.customers)
    console.print(f"The service's database is not to be had: signing {count} accounts up.", highlight=False)
    return None, await accounts.signed_up(api, count)


def _tell(console: Console, recording: Recording, reached: Verdict, options: Options) -> None:
    if not console.is_terminal:
        console.width = 160
    console.print(showing.latencies(recording), "", showing.seats(reached), "")
    words = showing.sentence(reached, recording)
    console.print(words, style="bold green" if reached.sound else "bold red", highlight=False, soft_wrap=True)
    options.plot.write_text(plot.page(recording, reached, options), encoding="utf-8")
    console.print(f"Plot: {options.plot}", highlight=False, soft_wrap=True)


def _connections(customers: int) -> int:
    """One for each customer, as far as this process may open files."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return min(customers, most - SPARE_FILES)


if __name__ == "__main__":
    sys.exit(main())
