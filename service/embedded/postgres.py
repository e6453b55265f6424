"""An embedded Postgres: one cluster under a folder, one password, one port on the loopback address."""

import asyncio
import secrets
import shutil
import signal
import subprocess
from asyncio.subprocess import Process
from pathlib import Path

import asyncpg

from . import cluster as clusters
from .binaries import postgres_installation
from .errors import EmbeddedServerError
from .ports import free_port
from .process import end, last_lines, spawn, start_log
from .unprivileged import reachable_cluster, reachable_installation, server_uid

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "log",  # the service expects constraint violations and reports them itself
    "log_checkpoints": "off",
}
NOT_DURABLE = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
}


class EmbeddedPostgres:
    """A Postgres server with the superuser and the database `holdfast`.

    With `durable=False`, what was committed may be lost when the machine (not the server) crashes: for tests.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.resolve()
        self._settings = SETTINGS if durable else SETTINGS | NOT_DURABLE
        self._log = self._folder / "postgres.log"
        self._process: Process | None = None
        self._uid = server_uid()
        self._port: int | None = None
        self.programs = postgres_installation() / "bin"
        """Where psql, pg_dump and the others are."""

    @property
    def url(self) -> str:
        """Where the database is; known once the server has started, here or in another process."""
        password = (self._folder / "password").read_text()
        port = (self._folder / "port").read_text()
        return f"postgresql://holdfast:{password}@127.0.0.1:{port}/holdfast"

    async def start(self) -> None:
        """Start the server, first making its files if there are none; returns when it can be asked.

        Raises `EmbeddedServerError` when the files are another user's or another release's, or it fails.
        """
        cluster = await self._prepare()
        await clusters.clear_remains(cluster)
        if self._port is None:
            self._port = self._kept_port()
            start_log(self._log)
        command = [str(self.programs / "postgres"), "-D", str(cluster), "-p", str(self._port)]
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        self._process = await spawn([*command, *options], self._log, signal.SIGINT, self._uid)
        await self._ready(self._process)

    async def wait(self) -> int:
        """Wait for the server to end, by itself or by `stop`; its exit status."""
        if self._process is None:
            raise RuntimeError("the server was never started")
        return await self._process.wait()

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    async def stop(self) -> None:
        """Stop cleanly: connections are cut off, and what was committed is on disk."""
        if self._process:
            await end(self._process, (signal.SIGINT, 20), (signal.SIGQUIT, 5))

    def remove(self) -> None:
        """Delete the files of the stopped server, wherever they are."""
        cluster = self._folder / "cluster"
        if cluster.is_symlink():
            shutil.rmtree(cluster.readlink(), ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _prepare(self) -> Path:
        self._folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.programs = reachable_installation(postgres_installation(), self._uid) / "bin"
        cluster = reachable_cluster(self._folder, self._uid)
        if cluster.exists():
            clusters.check(cluster, self._major(), self._uid)
            return cluster
        password = secrets.token_urlsafe(24)
        clusters.write_private(self._folder / "password", password)
        await clusters.initialise(self.programs, cluster, password, self._uid)
        return cluster

    def _major(self) -> str:
        version = subprocess.check_output([self.programs / "postgres", "--version"], text=True)  # noqa: S603
        return version.split()[-1].partition(".")[0]

    def _kept_port(self) -> int:
        file = self._folder / "port"
        port = free_port(int(file.read_text()) if file.exists() else None)
        file.write_text(str(port))
        return port

    async def _ready(self, process: Process) -> None:
        """Wait until the server takes connections (recovery after a crash included), and has our database."""
        while process.returncode is None:
            try:
                connection = await asyncpg.connect(self.url, database="postgres", timeout=5)
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
                await asyncio.sleep(0.02)
                continue
            except asyncpg.InvalidPasswordError:
                raise EmbeddedServerError(f"{self._folder}/password is not this server's password.") from None
            try:
                if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = 'holdfast'"):
                    await connection.execute("CREATE DATABASE holdfast")
                return
            finally:
                await connection.close()
        raise EmbeddedServerError(f"Postgres did not start; its log ends with:\n{last_lines(self._log)}")
