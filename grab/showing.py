"""What the terminal shows, while the crowd grabs and at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from grab.recording import Recording
from grab.verdict import Verdict

ENDPOINTS = ("book", "reserve", "confirm")


@contextmanager
def live(console: Console, recording: Recording) -> Iterator[Live]:
    """A display to `refresh`; nothing where there is no terminal."""
    with Live(
        console=console, auto_refresh=False, transient=True, get_renderable=lambda: _progress(recording)
    ) as shown:
        yield shown


def _progress(recording: Recording) -> Group:
    seconds = recording.elapsed or 1.0
    last = recording.moments[-1] if recording.moments else None
    sold, held = (last.sold, last.held) if last else (0, 0)
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(recording.outcomes.items()))
    table = Table.grid(padding=(0, 2))
    table.add_row("customers", ProgressBar(recording.customers, recording.done, width=40), f"{recording.done} done")
    table.add_row("seats", ProgressBar(recording.capacity, sold + held, width=40), f"{sold} sold, {held} held")
    table.add_row("requests", f"{recording.requests}, {recording.requests / seconds:,.0f} a second", f"{seconds:.1f} s")
    return Group(table, Text(outcomes, style="dim"))


def latencies(recording: Recording) -> Table:
    """The percentiles of each endpoint, in milliseconds, and what it answered."""
    table = Table(box=None, pad_edge=False)
    table.add_column("latency, ms")
    for name in ("requests", "p50", "p90", "p99", "longest"):
        table.add_column(name, justify="right")
    table.add_column("answers")
    for endpoint in ENDPOINTS:
        if recording.answers[endpoint]:
            figures = (f"{seconds * 1_000:.1f}" for seconds in recording.percentiles(endpoint))
            table.add_row(endpoint, str(len(recording.answers[endpoint])), *figures, statuses(recording, endpoint))
    return table


def statuses(recording: Recording, endpoint: str) -> str:
    """What the endpoint answered, and how often."""
    found = sorted((outcome, count) for (name, outcome), count in recording.statuses.items() if name == endpoint)
    return ", ".join(f"{outcome.strip()}: {count}" for outcome, count in found)


def seats(verdict: Verdict) -> Table:
    """Each session's seats at the end."""
    table = Table(box=None, pad_edge=False)
    table.add_column("session", no_wrap=True)
    for name in ("capacity", "confirmed here", "sold", "bookings", "held", "free", "oversold"):
        table.add_column(name, justify="right")
    for line in verdict.lines:
        known = ["-" if value is None else str(value) for value in (line.sold, line.booked, line.held)]
        counts = (str(line.session.capacity), str(line.confirmed), *known, str(line.session.available))
        table.add_row(line.session.id, *counts, str(line.oversold))
    return table


def sentence(verdict: Verdict, recording: Recording) -> str:
    """The verdict in one line."""
    confirmed, refused = recording.confirmed_seats, recording.outcomes["refused"]
    words = [f"{confirmed} seats sold to {len(recording.confirmed)} customers", f"{refused} refused"]
    words += [
        f"{count} {outcome}"
        for outcome, count in sorted(recording.outcomes.items())
        if outcome not in ("confirmed", "refused")
    ]
    words.append(f"oversold: {verdict.oversold}")
    if verdict.lost:
        words.append(f"LOST SALES: {verdict.lost}")
    if verdict.miscounted:
        words.append(f"SESSIONS WHOSE INVENTORY IS NOT WHAT THEIR BOOKINGS SAY: {verdict.miscounted}")
    return ", ".join(words)
