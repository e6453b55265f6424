"""The bench runs: every case, with tiny sizes, on real servers of its own."""

import asyncio
import json
import sys
from pathlib import Path

from bench.__main__ import CASES

ROOT = Path(__file__).resolve().parents[2]


async def test_every_case_is_measured_beside_its_reference(server_folder: Path) -> None:
    saved = server_folder / "bench.json"
    arguments = ("--quick", "--json", str(saved), "--folder", str(server_folder))

    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench", *arguments, cwd=ROOT)

    try:
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
    report = json.loads(saved.read_text())
    assert report["quick"] is True
    assert {row["group"] for row in report["rows"]} == set(CASES)
    for row in report["rows"]:
        # So few holds take less memory than the server's own comes and goes: that figure may be anything here.
        assert row["figure"] > 0 or row["case"].startswith("memory")
        assert row["reference"] > 0
        assert row["spread"][0] <= row["ratio"] <= row["spread"][1]
