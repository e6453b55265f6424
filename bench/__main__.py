"""The command line: `python -m bench`."""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from bench import report, stack
from bench.cases import block, engine, flow, grab, lists, live, reports, reserve, tickets, tracking
from bench.rounds import FULL, QUICK, Row, Sizes
from bench.stack import Stack

CASES: Mapping[str, Callable[[Stack, Sizes], Awaitable[list[Row]]]] = {
    "engine": engine.rows,
    "block": block.rows,
    "tickets": tickets.rows,
    "reserve": reserve.rows,
    "flow": flow.rows,
    "grab": grab.rows,
    "tracking": tracking.rows,
    "lists": lists.rows,
    "reports": reports.rows,
    "live": live.rows,
}


def main() -> None:
    arguments = _parser().parse_args()
    names = arguments.only or list(CASES)
    sizes = QUICK if arguments.quick else FULL
    console = Console()
    # Beside the service's own data rather than in /tmp, which may be memory: there, durability would cost nothing.
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=arguments.folder, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the user that Postgres runs as must get through
        rows = asyncio.run(_measure(console, Path(folder), names, sizes, arguments.workers))
    report.show(console, rows)
    report.save(arguments.json, rows, workers=arguments.workers, quick=arguments.quick)
    console.print(f"Saved in {arguments.json}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure Holdfast beside references.")
    parser.add_argument("--quick", action="store_true", help="try everything; the figures mean nothing")
    parser.add_argument("--only", action="append", choices=CASES, metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--workers", type=int, default=1, help="processes of the service and of each reference (1)")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where to save (%(default)s)")
    parser.add_argument("--folder", type=Path, default=Path(), help="where to keep data meanwhile (.)")
    return parser


async def _measure(console: Console, folder: Path, names: list[str], sizes: Sizes, workers: int) -> list[Row]:
    rows: list[Row] = []
    with console.status("Starting servers") as status:
        async with stack.opened(folder, workers) as servers:
            for name in names:
                status.update(f"Measuring {name} (load average {os.getloadavg()[0]:.1f})")
                rows += [replace(row, group=name) for row in await CASES[name](servers, sizes)]
    return rows


if __name__ == "__main__":
    main()
