"""The engine on real servers: every test runs on Valkey and on Redis, and with `-m cluster` on several of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest
import redis.asyncio

from holds.engine import HoldEngine
from holds.errors import StoreUnavailable
from holds.models import Timing
from holds.runner import ScriptRunner
from service.embedded import EmbeddedRedis
from service.embedded.binaries import redis_server, valkey_server
from tests.holds.database import Database
from tests.holds.topologies import TOPOLOGIES, Servers, client_of
from tests.stalls import TooSlow

POOL = "ses_1"
ANN, BEN = "usr_1", "usr_2"
QUICK = Timing(sale=150, lease=300, claim=600, memory=600)
"""The protocol's durations scaled down, in the same proportions; long enough for a busy machine."""
BINARIES = {"valkey": valkey_server, "redis": redis_server}

Raw = redis.asyncio.Redis
MakeEngine = Callable[..., HoldEngine]


@pytest.fixture(scope="session", params=BINARIES)
def binary(request: pytest.FixtureRequest) -> Path:
    return BINARIES[request.param]()


@pytest.fixture(scope="session", params=TOPOLOGIES)
async def shared_server(request: pytest.FixtureRequest, server_folder: Path, binary: Path) -> AsyncIterator[Servers]:
    """One server, a cluster, or a set that sentinels watch."""
    start = request.param
    server: Servers = start(server_folder / f"holds-{start.__name__}-{binary.name}", binary)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def own_server(tmp_path: Path, binary: Path) -> AsyncIterator[EmbeddedRedis]:
    """A server of the test's own, to be stopped, frozen or starved."""
    server = EmbeddedRedis(tmp_path / "redis", binary=binary, durable=False)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def raw(shared_server: Servers) -> AsyncIterator[Raw]:
    """A plain client of the emptied server, as an operator has one."""
    async with client_of(shared_server) as client:
        await client.flushall()
        await client.config_resetstat()
        yield client


@pytest.fixture
async def runner(shared_server: Servers, raw: Raw) -> AsyncIterator[ScriptRunner]:
    async with ScriptRunner.open(shared_server.url) as opened:
        await know_every_server(opened)
        yield opened


async def know_every_server(runner: ScriptRunner) -> None:
    """Let the runner connect, however long the servers take to answer."""
    async with asyncio.timeout(20):
        while True:
            with suppress(StoreUnavailable):
                await asyncio.gather(*(runner.command("GET", str(i)) for i in range(20)))
                return


@pytest.fixture
async def database() -> Database:
    """With one pool of ten seats."""
    database = Database()
    database.add(POOL, 10)
    return database


@pytest.fixture
async def make_engine(runner: ScriptRunner, database: Database) -> AsyncIterator[MakeEngine]:
    """Engines on one server and database: each is what a worker process has."""
    async with AsyncExitStack() as stack:

        def make(timing: Timing | None = None, *, runner: ScriptRunner = runner) -> HoldEngine:
            engine = HoldEngine(runner, database.load, timing, read_seating=database.read_hall)
            stack.push_async_callback(engine.close)
            return engine

        yield make
        database.may_read.set()  # for the loads that a failed test leaves waiting
        database.may_return.set()


@pytest.fixture
async def engine(make_engine: MakeEngine) -> HoldEngine:
    """With the durations of production."""
    return make_engine()


@pytest.fixture
async def quick(make_engine: MakeEngine) -> HoldEngine:
    """With durations scaled down."""
    return make_engine(QUICK)


async def now_of(raw: Raw) -> int:
    """The server's clock in ms."""
    seconds, micros = await raw.time()
    return int(seconds) * 1_000 + int(micros) // 1_000


@asynccontextmanager
async def ends_before(raw: Raw, moment: int) -> AsyncIterator[None]:
    """What is done within has its meaning only before the server's clock shows `moment` (ms): afterwards, whatever
    became of it, raises `TooSlow`."""
    try:
        yield
    finally:
        if (now := await now_of(raw)) >= moment:
            raise TooSlow(f"{now - moment} ms late")


async def wait_until(raw: Raw, moment: int) -> None:
    """Return when the server's clock shows `moment` (ms) or later, within a millisecond or so."""
    await asyncio.sleep((moment - await now_of(raw)) / 1_000)
    while await now_of(raw) < moment:
        pass
