"""Starting, stopping and starting again."""

import asyncio
import resource
import signal
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from service.embedded.process import send
from tests.processes import command_line, descendants, eventually, is_alive
from tests.service.conftest import StartService

SLOW_PASSWORDS = {"ARGON2_TIME_COST": "20", "ARGON2_MEMORY_KIB": "65536"}


def exists(path: Path) -> bool:
    return path.exists()


def listens(address: str) -> bool:
    url = urlsplit(address)
    try:
        socket.create_connection((url.hostname, url.port)).close()
    except ConnectionRefusedError:
        return False
    return True


async def sign_in(address: str, email: str = "customer1@holdfast.example") -> int:
    body = {"email": email, "password": "holdfast-demo-2026"}
    async with aiohttp.ClientSession() as client, client.post(f"{address}/v1/auth/signin", json=body) as answer:
        await answer.read()
        return answer.status


async def test_a_second_start_keeps_everything(start_service: StartService, data_folder: Path) -> None:
    first = await start_service()
    assert await sign_in(first.address) == 200
    assert any("customer1@holdfast.example" in line for line in first.output)
    started = descendants(first.process.pid)
    assert any("service.worker" in command_line(process) for process in started)
    assert await first.end(signal.SIGINT) == 0
    assert not any(map(is_alive, started))
    secret = (data_folder / "jwt-secret").read_text()
    assert stat.S_IMODE((data_folder / "jwt-secret").stat().st_mode) == 0o600

    second = await start_service()
    assert await sign_in(second.address) == 200
    assert (data_folder / "jwt-secret").read_text() == secret
    assert await second.end() == 0

    third = await start_service("--fresh", "--no-seed", "--no-jobs")
    assert not any("service.worker" in command_line(process) for process in descendants(third.process.pid))
    assert await sign_in(third.address) == 401
    assert not any("customer1@holdfast.example" in line for line in third.output)
    assert (data_folder / "jwt-secret").read_text() != secret
    assert await third.end() == 0


async def test_a_worker_may_have_as_many_connections_as_the_system_allows(start_service: StartService) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1_024), hard))
    try:
        running = await start_service("--no-seed", "--no-jobs")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    [worker] = running.workers()
    assert resource.prlimit(worker, resource.RLIMIT_NOFILE) == (hard, hard)
    assert await running.end() == 0


async def test_a_request_in_flight_finishes_and_nothing_is_left(start_service: StartService) -> None:
    """With the drain of `service.server` taken out, the request fails with a closed connection."""
    running = await start_service("--no-seed", **SLOW_PASSWORDS)
    started = descendants(running.process.pid)
    request = asyncio.create_task(sign_in(running.address))
    await asyncio.sleep(0.2)
    assert not request.done()
    assert await running.end() == 0
    assert await request == 401
    assert not any(map(is_alive, started))


async def test_a_second_signal_does_not_wait_for_requests(start_service: StartService) -> None:
    running = await start_service("--no-seed", **SLOW_PASSWORDS)
    request = asyncio.create_task(sign_in(running.address))
    await asyncio.sleep(0.2)
    send(running.process, signal.SIGTERM)
    await eventually(lambda: not listens(running.address))  # so that it has seen the first one
    assert await running.end() == 0
    with pytest.raises(aiohttp.ClientError):
        await request


async def test_a_named_database_and_redis_are_used_instead(
    start_service: StartService, data_folder: Path, empty_database_url: str, redis_url: str
) -> None:
    """And with a secret too, nothing is written: the file system may be read-only."""
    running = await start_service(
        DATABASE_URL=empty_database_url,
        REDIS_URL=redis_url,
        JWT_SECRETS="of 32 characters at the very least",
        HOLDFAST_ADMIN_EMAIL="boss@example.com",
        HOLDFAST_ADMIN_PASSWORD="holdfast-demo-2026",  # noqa: S106
    )
    assert await sign_in(running.address) == 200
    assert await sign_in(running.address, "boss@example.com") == 200
    assert await running.end() == 0
    assert not exists(data_folder)


async def test_a_taken_port_is_told_before_anything_starts(start_service: StartService, data_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        running = await start_service("--port", port)
    assert await running.end() == 1
    [line] = running.output
    assert line.startswith(f"holdfast: Cannot listen on 127.0.0.1 port {port} (Address already in use): free it")
    assert not exists(data_folder)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "Postgres cannot be reached at DATABASE_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:1"}, "Redis cannot be reached at REDIS_URL"),
        ({"JWT_SECRETS": "short"}, "JWT_SECRETS"),
        ({"HOLDFAST_ADMIN_EMAIL": "boss@example.com"}, "one is missing"),
        ({"HOLDFAST_ADMIN_EMAIL": "boss", "HOLDFAST_ADMIN_PASSWORD": "holdfast"}, "administrator cannot be created"),
    ],
)
async def test_what_is_wrong_is_told_in_a_line(
    start_service: StartService, empty_database_url: str, redis_url: str, environment: dict[str, str], message: str
) -> None:
    servers = {"DATABASE_URL": empty_database_url, "REDIS_URL": redis_url, "JWT_SECRETS": "x" * 32}
    running = await start_service("--no-seed", **{**servers, **environment})
    assert await running.end() in (1, 2)
    assert message in running.output[-1]
    assert not any("Traceback" in line for line in running.output)
