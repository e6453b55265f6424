"""A confirmation that is cut off at each step ends as the table of failures in `holds/README.md` says.

The service is a process of its own, really killed. What it waits for chooses where it dies: a lock on the inventory row
stops it between claim and commit, a paused Redis between commit and settle.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import aiohttp
import asyncpg
import pytest

from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.service.bookings.conftest import Customer, NewSession
from tests.service.bookings.test_settle import sold_seats
from tests.service.factories import Showing
from tests.service.worker import Worker, running_worker

CLAIM_SECONDS = 4.0


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The protocol's times scaled down: `T` 1 s, `L` 0.8 s, `C` 4 s; bookings of two seconds."""
    scaled = {"sale_seconds": 1.0, "lease_seconds": 0.8, "claim_seconds": CLAIM_SECONDS, "hold_seconds": 2.0}
    return settings.model_copy(update=scaled)


@asynccontextmanager
async def locked_inventory(settings: Settings, showing: Showing) -> AsyncIterator[None]:
    """Let no sale of the session proceed."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM inventory WHERE id = $1 FOR UPDATE", showing.session_id)
            yield
    finally:
        await connection.close()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not await condition():  # noqa: ASYNC110  # what is waited for happens in another process
            await asyncio.sleep(0.005)


async def confirm_at(worker: Worker, customer: Customer, booking: str) -> None:
    """Send a confirmation whose answer never comes."""
    async with aiohttp.ClientSession() as session:
        with suppress(aiohttp.ClientError):
            await session.post(f"{worker.url}/v1/bookings/{booking}/confirm", headers=customer.account.headers)


async def is_claimed(resources: Resources, showing: Showing, booking: str) -> bool:
    return bool(await resources.redis.command("HGET", f"hold:{{{showing.session}}}:{booking}", "state") == b"claimed")


async def test_killed_between_claim_and_commit(
    alice: Customer,
    bob: Customer,
    new_session: NewSession,
    settings: Settings,
    resources: Resources,
    postgres: Postgres,
) -> None:
    """Nothing is sold, the booking is frozen, and its seats come back when the claim lapses."""
    showing = await new_session(capacity=2)
    async with running_worker(settings) as worker, locked_inventory(settings, showing):
        booking = await alice.reserved(showing.session, 2)
        confirming = asyncio.create_task(confirm_at(worker, alice, booking))
        await until(lambda: is_claimed(resources, showing, booking))
        await worker.kill()
        await confirming

    for answer in (await alice.confirm(booking), await alice.reserve(booking, 1), await alice.cancel(booking)):
        assert (answer.status, answer.code) == (409, "booking_confirming")
    assert await alice.available(showing.session) == 0
    await asyncio.sleep(CLAIM_SECONDS)
    assert (await alice.confirm(booking)).code == "booking_expired"
    await bob.confirm(await bob.reserved(showing.session, 2))
    assert await sold_seats(postgres, showing) == (2, 2)


async def test_killed_between_claim_and_commit_then_confirmed_again(
    alice: Customer, new_session: NewSession, settings: Settings, resources: Resources, postgres: Postgres
) -> None:
    """Once the lost sale can no longer commit, a repeated confirm takes the claim over."""
    showing = await new_session(capacity=2)
    async with running_worker(settings) as worker, locked_inventory(settings, showing):
        booking = await alice.reserved(showing.session, 2)
        confirming = asyncio.create_task(confirm_at(worker, alice, booking))
        await until(lambda: is_claimed(resources, showing, booking))
        await worker.kill()
        await confirming

    assert (await alice.confirm(booking)).code == "booking_confirming"
    await asyncio.sleep(settings.sale_seconds)
    assert (await alice.confirm(booking)).status == 200
    assert await sold_seats(postgres, showing) == (2, 2)


async def test_killed_between_commit_and_settle(
    alice: Customer,
    bob: Customer,
    new_session: NewSession,
    settings: Settings,
    resources: Resources,
    postgres: Postgres,
) -> None:
    """The booking is sold and says so; its seats count twice until the claim lapses, then once."""
    showing = await new_session(capacity=5)

    async def is_sold() -> bool:
        return await sold_seats(postgres, showing) == (2, 2)

    async with running_worker(settings) as worker:
        booking = await alice.reserved(showing.session, 2)
        async with locked_inventory(settings, showing):
            confirming = asyncio.create_task(confirm_at(worker, alice, booking))
            await until(lambda: is_claimed(resources, showing, booking))
            await resources.redis.command("CLIENT", "PAUSE", 600, "WRITE")
        await until(is_sold)
        await worker.kill()
        await confirming
    await resources.redis.command("CLIENT", "UNPAUSE")

    assert await is_claimed(resources, showing, booking)
    answer = await alice.confirm(booking)
    assert (answer.code, answer.body["errors"][0]["booking"]["id"]) == ("booking_confirmed", booking)
    await asyncio.sleep(settings.lease_seconds)
    their = await bob.book(showing.session)
    assert (await bob.reserve(their, 2)).code == "seats_unavailable"
    assert (await bob.reserve(their, 1)).status == 200
    await asyncio.sleep(CLAIM_SECONDS - settings.lease_seconds)
    await bob.reserved(showing.session, 3)
    assert await alice.available(showing.session) == 0
    assert await sold_seats(postgres, showing) == (2, 2)


async def test_a_sale_that_postgres_cut_off_is_given_back(
    alice: Customer, new_session: NewSession, settings: Settings, postgres: Postgres
) -> None:
    """`transaction_timeout` ends the sale; the booking is open again and can be confirmed."""
    showing = await new_session(capacity=2)
    booking = await alice.reserved(showing.session, 2)
    async with locked_inventory(settings, showing):
        answer = await alice.confirm(booking)
    assert (answer.status, answer.code) == (503, "service_unavailable")
    assert "Retry-After" in answer.headers
    assert (await alice.confirm(booking)).status == 200
    assert await sold_seats(postgres, showing) == (2, 2)


async def test_redis_forgets_everything(
    alice: Customer, bob: Customer, new_session: NewSession, resources: Resources, postgres: Postgres
) -> None:
    """Open bookings are gone, settled ones are not, and nothing is sold twice."""
    showing = await new_session(capacity=3)
    sold, lost = await alice.reserved(showing.session, 2), await bob.reserved(showing.session, 1)
    await alice.confirm(sold)
    await resources.redis.command("FLUSHALL")

    for answer in (await bob.confirm(lost), await bob.reserve(lost, 1), await bob.cancel(lost)):
        assert (answer.status, answer.code) == (404, "booking_not_found")
    assert (await alice.confirm(sold)).code == "booking_confirmed"
    again = await bob.book(showing.session)
    assert (await bob.reserve(again, 2)).code == "seats_unavailable"
    assert (await bob.reserve(again, 1)).status == 200
    assert (await bob.confirm(again)).status == 200
    assert await sold_seats(postgres, showing) == (3, 3)


async def test_a_settle_that_redis_never_got_does_not_spoil_the_answer(
    alice: Customer, new_session: NewSession, settings: Settings, resources: Resources, postgres: Postgres
) -> None:
    """Redis stops answering after the claim: the sale is committed and answered 200."""
    showing = await new_session(capacity=2)
    booking = await alice.reserved(showing.session, 2)
    async with locked_inventory(settings, showing):
        confirming = asyncio.create_task(alice.confirm(booking))
        await until(lambda: is_claimed(resources, showing, booking))
        await resources.redis.command("CLIENT", "PAUSE", 1_500, "WRITE")
    assert (await confirming).status == 200
    await resources.redis.command("CLIENT", "UNPAUSE")
    assert await sold_seats(postgres, showing) == (2, 2)
