"""Looking at processes from outside."""

import asyncio
from collections.abc import Callable
from pathlib import Path


def is_alive(process: int) -> bool:
    try:
        return state_of(process) not in "ZX"
    except OSError:
        return False


def state_of(process: int) -> str:
    """The kernel's letter for what the process is doing; Z has ended and was not waited for."""
    return _fields(process)[0]


def children(process: int) -> list[int]:
    return [child for child in _all() if _parent(child) == process]


def descendants(process: int) -> set[int]:
    found: set[int] = set()
    for child in children(process):
        found |= {child, *descendants(child)}
    return found


def command_line(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


async def eventually(condition: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until the condition holds; fail after so many seconds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # other processes set no event
            await asyncio.sleep(0.02)


def _all() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _parent(process: int) -> int:
    try:
        return int(_fields(process)[1])
    except OSError:
        return 0


def _fields(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
