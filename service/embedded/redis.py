"""An embedded Redis (Valkey by default): an append-only file and a Unix socket under a folder."""

import asyncio
import os
import shutil
import signal
import tempfile
from asyncio.subprocess import Process
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import redis.asyncio
import redis.exceptions
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from .binaries import valkey_server
from .errors import EmbeddedServerError
from .process import end, last_lines, send, spawn, start_log

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "maxmemory-policy": "noeviction",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "daemonize": "no",
}
NOT_DURABLE = {"appendonly": "no"}
LONGEST_SOCKET_PATH = 107  # bytes that fit into sockaddr_un


class EmbeddedRedis:
    """A Redis server that only this user reaches, through a Unix socket.

    `options` are added to its settings, as in redis.conf (such as a TCP `port`). With `durable=False` nothing
    is kept: for tests.
    """

    def __init__(
        self,
        folder: Path,
        *,
        binary: Path | None = None,
        durable: bool = True,
        options: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self._binary = binary or valkey_server()
        self._settings = SETTINGS | ({} if durable else NOT_DURABLE) | dict(options or {})
        self._log = self.folder / "redis.log"
        self._process: Process | None = None
        self._short_folder: Path | None = None
        self.socket = self.folder / "redis.sock"

    @property
    def url(self) -> str:
        """Where the server is, as redis-py reads it; the same after a restart."""
        return f"unix://{quote(str(self.socket))}"

    async def start(self) -> None:
        """Start the server; returns when it has loaded its data.

        Raises `EmbeddedServerError` when it does not start.
        """
        if self._process is None:
            self._prepare()
        settings = self._settings | {"dir": str(self.folder), "unixsocket": str(self.socket)}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self._process = await spawn([str(self._binary), *self._first_arguments(), *options], self._log, signal.SIGTERM)
        await self._ready(self._process)

    async def wait(self) -> int:
        """Wait for the server to end, by itself or by `stop`; its exit status."""
        if self._process is None:
            raise RuntimeError("the server was never started")
        return await self._process.wait()

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the running server, such as `SIGKILL`."""
        if self._process is None:
            raise RuntimeError("the server was never started")
        send(self._process, number)

    async def stop(self) -> None:
        """Stop cleanly: the append-only file is complete and on disk."""
        if self._process:
            await end(self._process, (signal.SIGTERM, 20))
        if self._short_folder:
            shutil.rmtree(self._short_folder, ignore_errors=True)

    def _first_arguments(self) -> list[str]:
        """What is told to the program before its settings."""
        return []

    def _prepare(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET_PATH:
            self._short_folder = Path(tempfile.mkdtemp(prefix="holdfast-", dir="/tmp"))  # TMPDIR may be long
            self.socket = self._short_folder / "redis.sock"
        start_log(self._log)

    async def _ready(self, process: Process) -> None:
        client = redis.asyncio.Redis.from_url(self.url, retry=Retry(NoBackoff(), 0), socket_timeout=5)
        try:
            while process.returncode is None:
                try:
                    await client.ping()
                except (
                    redis.exceptions.ConnectionError,
                    redis.exceptions.TimeoutError,
                    redis.exceptions.BusyLoadingError,
                ):
                    await asyncio.sleep(0.01)
                else:
                    return
        finally:
            await client.aclose()
        raise EmbeddedServerError(f"Redis did not start; its log ends with:\n{last_lines(self._log)}")
