"""The command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What the crowd does, and when it stops. Durations are in seconds."""

    url: str
    data: Path
    customers: int
    session: tuple[str, ...]
    sessions: int
    seats: tuple[int, int]
    think: float
    abandon: float
    seconds: float
    requests: int
    signups: int
    plot: Path
    own_host: bool


def parse(arguments: Sequence[str] | None = None) -> Options:
    """The options. Exits with status 2 when they make no sense."""
    parser = argparse.ArgumentParser(
        prog="scripts/grab",
        description="Let a crowd grab seats of a running service (scripts/serve), and see that none is sold twice.",
        epilog="Exits with 1 when a seat was oversold or a sale was lost.",
    )
    add = parser.add_argument
    add("--url", default="http://127.0.0.1:8080", help="where the service answers (%(default)s)")
    add("--data", type=Path, default=Path("data"), help="its data folder, if DATABASE_URL and JWT_SECRETS are not set")
    add("--customers", type=_whole(1, 20_000), default=500, help="how many customers (%(default)s)")
    add(
        "--session", action="append", default=[], metavar="ID", help="a session to grab, such as ses_1; may be repeated"
    )
    add("--sessions", type=_whole(1, 20), default=1, help="or so many of the fullest coming ones (%(default)s)")
    add("--seats", type=_range, default=(1, 4), help="seats per customer, such as 2, or 1-4 (the default)")
    add(
        "--think",
        type=_number(0, 60),
        default=0.2,
        help="seconds of thinking between two steps, on average (%(default)s)",
    )
    add("--abandon", type=_number(0, 1), default=0.1, help="the share that walks away with seats held (%(default)s)")
    add("--seconds", type=_number(1, 600), default=60, help="stop after so many seconds (%(default)s)")
    add("--requests", type=_whole(1, 1_000_000), default=50_000, help="stop after so many requests (%(default)s)")
    add("--signups", type=_whole(1, 500), default=20, help="accounts to make where none can be lent (%(default)s)")
    add("--plot", type=Path, default=Path("grab.html"), help="where the plot goes (%(default)s)")
    add("--i-own-this-host", dest="own_host", action="store_true", help="allow a host that is not this machine")
    parsed = vars(parser.parse_args(arguments))
    return Options(**{**parsed, "session": tuple(parsed["session"])})


class _whole:  # noqa: N801  # argparse shows the name
    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def __call__(self, text: str) -> int:
        if not self._least <= int(text) <= self._most:
            raise argparse.ArgumentTypeError(f"at least {self._least} and at most {self._most}")
        return int(text)


class _number:  # noqa: N801
    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most

    def __call__(self, text: str) -> float:
        if not self._least <= float(text) <= self._most:
            raise argparse.ArgumentTypeError(f"at least {self._least} and at most {self._most}")
        return float(text)


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    least, most = int(first), int(last or first)
    if not 1 <= least <= most <= 100_000:
        raise argparse.ArgumentTypeError("such as 2, or 1-4")
    return least, most
