"""The service as a person starts it: `python -m service serve`, in a process of its own."""

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from service.embedded import EmbeddedPostgres
from service.embedded.process import send
from tests.processes import children, command_line

ROOT = Path(__file__).parents[3]
CHEAP_PASSWORDS = {"ARGON2_TIME_COST": "1", "ARGON2_MEMORY_KIB": "8", "ARGON2_PARALLELISM": "1"}


@contextmanager
def new_data_folder(parent: Path) -> Iterator[Path]:
    """Where a service may keep its data, removed in the end. Another one each time, since a test may be repeated."""
    data = parent / f"data of {token_hex(4)}"
    try:
        yield data
    finally:
        EmbeddedPostgres(data / "postgres").remove()
        shutil.rmtree(data, ignore_errors=True)


class Running:
    """A started service; `output` has the lines that it printed."""

    def __init__(self, process: Process, data: Path) -> None:
        self.process = process
        self.data = data
        self.output: list[str] = []

    async def read_until(self, word: str) -> None:
        """Read output up to a line with the word, or to its end."""
        assert self.process.stdout
        async with asyncio.timeout(60):
            async for line in self.process.stdout:
                self.output.append(line.decode().rstrip())
                if word in self.output[-1]:
                    return

    @property
    def address(self) -> str:
        """Where the service answers."""
        told = [line.split()[1] for line in self.output if line.startswith("  API:")]
        assert told, self.output
        return told[0]

    def workers(self) -> list[int]:
        return [child for child in children(self.process.pid) if "service.server" in command_line(child)]

    def postgres(self) -> int:
        return int((self.data / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()[0])

    def redis(self) -> int:
        [server] = [child for child in children(self.process.pid) if "valkey-server" in command_line(child)]
        return server

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit status."""
        with suppress(ProcessLookupError):
            send(self.process, number)
        await self.read_until("no such line, so to the end")
        async with asyncio.timeout(60):
            return await self.process.wait()


@asynccontextmanager
async def started(data: Path, *options: str, **environment: str) -> AsyncIterator[Running]:
    """A service on a free port, once it is ready or has ended. It is killed in the end, should it still run."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service", "serve", "--data", str(data), "--port", "0"),
        *options,
        stdout=PIPE,
        stderr=STDOUT,
        cwd=ROOT,
        env={**inherited, **CHEAP_PASSWORDS, **environment},
    )
    running = Running(process, data)
    try:
        await running.read_until("Stop:")
        yield running
    finally:
        if process.returncode is None:
            await running.end(signal.SIGKILL)
