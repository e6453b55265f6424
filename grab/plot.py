"""The report as one HTML file that needs nothing else."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from grab.charts import Point, Series, chart
from grab.options import Options
from grab.recording import Recording
from grab.sessions import Shown
from grab.showing import ENDPOINTS, sentence, statuses
from grab.verdict import Verdict

PAGE = Path(__file__).with_name("page.html")
COLOURS = {"book": "#2f6fdb", "reserve": "#d9822b", "confirm": "#2e9d57"}
SLICES = 60


def page(recording: Recording, verdict: Verdict, options: Options) -> str:
    """The report's text."""
    names = "; ".join(_name(line.session) for line in verdict.lines)
    settings = (
        f"{options.customers} customers, {options.seats[0]} to {options.seats[1]} seats each, thinking for "
        f"{options.think:g} s between steps, {options.abandon:.0%} walking away: {recording.requests} requests in "
        f"{recording.elapsed:.1f} s. Grabbed: {names}."
    )
    sections = [
        _section("Seats over time", chart(_seats(recording), recording.elapsed, "seats")),
        _section("Latency over time", chart(_latencies(recording), recording.elapsed, "milliseconds")),
        _section("Latency and answers", _table(*_latency_rows(recording))),
        _section("Seats at the end", _table(*_seat_rows(verdict))),
    ]
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        title="A grab on Holdfast",
        bad="" if verdict.sound else " bad",
        verdict=escape(sentence(verdict, recording)),
        settings=escape(settings),
        sections="\n".join(sections),
    )


def _name(session: Shown) -> str:
    return f"{session.title} at {session.place}, {session.starts_at} ({session.id})"


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>\n{content}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [_row("th", head), *(_row("td", row) for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def _row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _seats(recording: Recording) -> list[Series]:
    moments = recording.moments
    return [
        Series("sold and held", "#d9822b", [(m.at, m.sold + m.held) for m in moments], filled=True),
        Series("sold", "#2e9d57", [(m.at, m.sold) for m in moments], filled=True),
        Series("capacity", "#c62828", [(0, recording.capacity), (recording.elapsed, recording.capacity)], dashed=True),
    ]


def _latencies(recording: Recording) -> list[Series]:
    lines = []
    for endpoint in ENDPOINTS:
        for share, dashed in ((50, False), (99, True)):
            points = _over_time(recording, endpoint, share)
            lines.append(Series(f"{endpoint} p{share}", COLOURS[endpoint], points, dashed=dashed))
    return lines


def _over_time(recording: Recording, endpoint: str, share: int) -> list[Point]:
    """The percentile, in milliseconds, of what was answered in each slice of the time."""
    slices: dict[int, list[float]] = {}
    width = (recording.elapsed or 1) / SLICES
    for answer in recording.answers[endpoint]:
        slices.setdefault(min(SLICES - 1, int(answer.at / width)), []).append(answer.seconds)
    return [
        ((number + 0.5) * width, sorted(found)[-(-len(found) * share // 100) - 1] * 1_000)
        for number, found in sorted(slices.items())
    ]


def _latency_rows(recording: Recording) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            endpoint,
            str(len(recording.answers[endpoint])),
            *(f"{seconds * 1_000:.1f}" for seconds in recording.percentiles(endpoint)),
            statuses(recording, endpoint),
        ]
        for endpoint in ENDPOINTS
        if recording.answers[endpoint]
    ]
    return ["", "requests", "p50 ms", "p90 ms", "p99 ms", "longest ms", "answers"], rows


def _seat_rows(verdict: Verdict) -> tuple[list[str], list[list[str]]]:
    rows = []
    for line in verdict.lines:
        known = ["unknown" if value is None else str(value) for value in (line.sold, line.booked, line.held)]
        counts = [str(line.session.capacity), str(line.confirmed), *known, str(line.session.available)]
        rows.append([line.session.id, *counts, str(line.oversold)])
    return ["session", "capacity", "confirmed here", "sold", "bookings", "held", "free", "oversold"], rows
