"""Showing and saving what was measured."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.rounds import Row

LIBRARIES = ("aiohttp", "asyncpg", "hiredis", "pydantic", "redis", "uvloop")


def show(console: Console, rows: Sequence[Row]) -> None:
    """Print a table, a line for each row."""
    table = Table("case", "figure", "reference", "ratio", "of the rounds", "target", title="Holdfast, measured")
    for row in rows:
        table.add_row(
            row.case,
            f"{row.figure:,.4g} {row.unit}" if row.figure < 1_000 else f"{row.figure:,.0f} {row.unit}",
            f"{row.reference:,.4g}" if row.reference < 1_000 else f"{row.reference:,.0f}",
            f"{row.ratio:.2f} of {row.against}",
            f"{row.spread[0]:.2f} to {row.spread[1]:.2f}",
            _target(row),
        )
    console.print(table)


def _target(row: Row) -> str:
    if row.target is None:
        return ""
    colour = "green" if row.met else "red"
    return f"[{colour}]{'≥' if row.at_least else '≤'} {row.target:.3g}[/]"


def save(path: Path, rows: Sequence[Row], **about: Any) -> None:
    """Write everything as JSON, with what it was measured on."""
    report = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), **about, "machine": _machine()}
    report["rows"] = [{**asdict(row), "met": row.met} for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }
