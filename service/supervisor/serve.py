"""The order of things: port, servers, database, workers; and backwards at the end."""

import asyncio
import resource
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from service import logs
from service.metrics import FOLDER, WORKER
from service.settings import Settings

from . import next_steps
from .addresses import claimed_port
from .backends import opened_backends
from .data_folder import MAIL, DataFolder
from .database import prepare
from .keeping import Kept, keep
from .progress import Progress
from .worker import Worker


@dataclass(frozen=True)
class ServeOptions:
    host: str
    port: int
    data: Path
    workers: int
    jobs: bool
    seed: bool
    fresh: bool


async def serve(options: ServeOptions, environment: Mapping[str, str], progress: Progress) -> None:
    """Serve until SIGINT or SIGTERM; a second one does not wait for requests in flight.

    Returns when nothing that was started runs any more.
    Raises `StartError`, `EmbeddedServerError`, `SettingsError`.
    """
    workers: dict[str, Worker] = {}
    _allow_connections()
    _stop_on_signals(workers)
    with suppress(asyncio.CancelledError):
        await _serve(options, environment, progress, workers)
    progress.console.print("Stopped.")


async def _serve(
    options: ServeOptions, environment: Mapping[str, str], progress: Progress, workers: dict[str, Worker]
) -> None:
    async with AsyncExitStack() as stack:
        port = stack.enter_context(claimed_port(options.host, options.port))
        backends = await stack.enter_async_context(
            opened_backends(DataFolder(options.data), environment, progress, fresh=options.fresh)
        )
        mail_folder = backends.environment.get("MAIL_FOLDER") or str(options.data / MAIL)
        environment = {**backends.environment, "MAIL_FOLDER": mail_folder}
        settings = Settings.from_environment(environment)
        logs.configure(settings.log_format)
        sample_accounts = await prepare(settings, progress, seed=options.seed)
        metrics = stack.enter_context(TemporaryDirectory(prefix="holdfast-metrics-"))
        for number in range(options.workers):
            address = ["--host", options.host, "--port", str(port)]
            own = {FOLDER: metrics, WORKER: str(number)}
            workers[f"worker {number + 1}"] = Worker("service.server", address, {**environment, **own})
        if options.jobs and settings.run_jobs:
            workers["jobs"] = Worker("service.worker", [], {**environment, FOLDER: metrics, WORKER: "jobs"})
        stack.push_async_callback(_stop, workers, progress)
        with progress.step(f"Starting {len(workers)} worker{'s' if len(workers) > 1 else ''}"):
            await asyncio.gather(*(worker.start() for worker in workers.values()))
        url = next_steps.address(options.host, port)
        next_steps.show(progress.console, url, settings.redis_url, sample_accounts=sample_accounts)
        await _keep_all({**backends.servers, **workers})


async def _keep_all(processes: Mapping[str, Kept]) -> None:
    async with asyncio.TaskGroup() as group:
        for name, process in processes.items():
            group.create_task(keep(name, process))


async def _stop(workers: Mapping[str, Worker], progress: Progress) -> None:
    with progress.step("Finishing the requests in flight"):
        await asyncio.gather(*(worker.stop() for worker in workers.values()))


def _allow_connections() -> None:
    """Let the workers, which inherit this, have as many connections as may be: a shell's limit is often 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _stop_on_signals(workers: Mapping[str, Worker]) -> None:
    """Have the first signal cancel the running task, and every further one end the workers at once."""
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("not in a task")

    def stop() -> None:
        if not task.cancelling():
            task.cancel()
        else:
            for worker in workers.values():
                worker.kill()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
