"""A master is killed while hundreds of customers book over HTTP, with a real Postgres and two processes that serve.

Nothing is oversold, what was answered 200 is in Postgres, the service answers again by itself, and every seat is sold.
"""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

import aiohttp
import asyncpg
import pytest

from service.embedded import EmbeddedRedis
from service.embedded.redis_cluster import EmbeddedRedisCluster
from service.embedded.redis_sentinels import EmbeddedSentinelSet
from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.holds.topologies import Servers
from tests.service.bookings.conftest import Answer, Customer, NewSession
from tests.service.bookings.test_grab import customers
from tests.service.bookings.test_settle import sold_seats
from tests.service.conftest import Client
from tests.service.factories import Showing
from tests.service.worker import running_worker

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(480)]  # with repetitions; each has 90 s

CUSTOMERS, SESSIONS, CAPACITY = 200, 8, 150
SEATS = SESSIONS * CAPACITY
LONGEST = 8.0
"""s a customer may wait: `book` is some steps, each bounded by two seconds, on a machine that is busy."""
LONGEST_PAUSE = 20.0
"""s without any confirmation: a second until the master is given up, an election, and what lapses after that."""
EXPECTED = {
    "book": {201, 409, 503},
    "reserve": {200, 404, 409, 410, 503},
    "confirm": {200, 404, 409, 410, 503},
}


@pytest.fixture(params=[EmbeddedRedisCluster, EmbeddedSentinelSet], ids=["cluster", "sentinels"])
async def servers(request: pytest.FixtureRequest, tmp_path: Path, binary: Path) -> AsyncIterator[Servers]:
    started: EmbeddedRedisCluster | EmbeddedSentinelSet = request.param(tmp_path, binary=binary)
    try:
        await started.start()
        yield started
    finally:
        await started.stop()


@pytest.fixture
def redis_url(servers: Servers) -> str:
    return servers.url


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The protocol's times scaled down, so that what was lost comes back within the test."""
    scaled = {"sale_seconds": 1.0, "lease_seconds": 2.0, "claim_seconds": 4.0, "hold_seconds": 3.0}
    return settings.model_copy(update=scaled)


@dataclass
class Crowd:
    """Customers who book until there is nothing left, and what they were told."""

    sessions: list[Showing]
    random: Random = field(default_factory=lambda: Random(11))  # noqa: S311  # the same each time
    told: Counter[tuple[str, int]] = field(default_factory=Counter)
    confirmed: dict[str, int] = field(default_factory=dict)
    confirmed_at: list[float] = field(default_factory=list)
    longest: float = 0.0
    over: bool = False

    def pause_after(self, moment: float) -> float:
        """For how long nothing was confirmed."""
        later = [at for at in sorted(self.confirmed_at) if at > moment]
        return max(b - a for a, b in pairwise([moment, *later]))

    async def visit(self, customer: Customer) -> None:
        while not self.over:
            await self._book(customer, self.random.choice(self.sessions))
            await asyncio.sleep(self.random.random() / 2)

    async def _book(self, customer: Customer, showing: Showing) -> None:
        opened = await self._ask("book", customer.call("POST", f"/v1/sessions/{showing.session}/book"))
        if opened.status != 201:
            return
        booking, seats = opened.booking["id"], self.random.randint(1, 3)
        while seats and (await self._ask("reserve", customer.reserve(booking, seats))).status == 409:
            seats -= 1
        if seats and self.random.random() > 0.2:
            await self._confirm(customer, booking, seats)

    async def _confirm(self, customer: Customer, booking: str, seats: int) -> None:
        """Confirm, and again while nobody knows how it went."""
        status, code = 503, ""
        while status == 503 or code == "booking_confirming":
            answer = await self._ask("confirm", customer.confirm(booking))
            status, code = answer.status, answer.code if answer.status == 409 else ""
            await asyncio.sleep(0.1)
        if status == 200 or code == "booking_confirmed":
            self.confirmed[booking] = seats
            self.confirmed_at.append(time.monotonic())

    async def _ask(self, step: str, asking: Awaitable[Answer]) -> Answer:
        asked_at = time.monotonic()
        answer = await asking
        self.longest = max(self.longest, time.monotonic() - asked_at)
        self.told[step, answer.status] += 1
        assert answer.status in EXPECTED[step], (step, answer)
        return answer


async def test_a_master_is_killed_under_load(
    client: Client,
    resources: Resources,
    new_session: NewSession,
    postgres: Postgres,
    settings: Settings,
    servers: Servers,
) -> None:
    crowd = Crowd([await new_session(capacity=CAPACITY) for _ in range(SESSIONS)])
    people = await customers(client, resources, CUSTOMERS)
    async with running_worker(settings) as worker, aiohttp.ClientSession(worker.url) as elsewhere:
        others = [Customer(elsewhere, person.account) for person in people[::2]]  # type: ignore[arg-type]  # asks alike
        async with asyncio.timeout(90), asyncio.TaskGroup() as group:
            for person in [*people[1::2], *others]:
                group.create_task(crowd.visit(person))
            await until_sold(settings, crowd, SEATS // 4)
            kill_a_master(servers)
            killed_at = time.monotonic()
            await until_sold(settings, crowd, SEATS)
            crowd.over = True

    assert sum(count for (_, status), count in crowd.told.items() if status == 503) > 0
    assert crowd.longest < LONGEST
    assert await booked(postgres, crowd) == crowd.confirmed
    for showing in crowd.sessions:
        assert await sold_seats(postgres, showing) == (CAPACITY, CAPACITY)
    assert crowd.pause_after(killed_at) < LONGEST_PAUSE


def kill_a_master(servers: Servers) -> None:
    assert not isinstance(servers, EmbeddedRedis)
    servers.servers[0].signal(signal.SIGKILL)


async def until_sold(settings: Settings, crowd: Crowd, seats: int) -> None:
    """Look at Postgres without the service's time limits, however busy the crowd keeps it."""
    sold, numbers = 0, [showing.session_id for showing in crowd.sessions]
    connection = await asyncpg.connect(settings.database_url)
    try:
        while sold < seats:
            await asyncio.sleep(0.1)
            sold = await connection.fetchval("SELECT sum(sold) FROM inventory WHERE id = ANY($1)", numbers)
    finally:
        await connection.close()


async def booked(postgres: Postgres, crowd: Crowd) -> dict[str, int]:
    """The seats of every booking that is confirmed in the database."""
    numbers = [showing.session_id for showing in crowd.sessions]
    async with postgres.acquire() as connection:
        rows = await connection.fetch(
            "SELECT id, seats FROM bookings WHERE session_id = ANY($1) AND status = 'confirmed'", numbers
        )
    return {Entity.BOOKING.public(row["id"]): row["seats"] for row in rows}
