"""A confirmation of chosen seats that is cut off at each step: each seat has one owner in the end, and nobody else's.

As `tests/service/bookings/test_crashes.py`, whose docstring says what stops the service where.
"""

import asyncio

import pytest

from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.service.bookings.conftest import Customer
from tests.service.bookings.test_crashes import CLAIM_SECONDS, confirm_at, is_claimed, locked_inventory, until
from tests.service.halls import Halls
from tests.service.seats.conftest import bought, choose, chosen, drawing, labels_of
from tests.service.seats.sold import owners
from tests.service.worker import running_worker


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The protocol's times scaled down: `T` 1 s, `L` 0.8 s, `C` 4 s; bookings of two seconds."""
    scaled = {"sale_seconds": 1.0, "lease_seconds": 0.8, "claim_seconds": CLAIM_SECONDS, "hold_seconds": 2.0}
    return settings.model_copy(update=scaled)


async def test_killed_between_claim_and_commit(
    alice: Customer, bob: Customer, halls: Halls, settings: Settings, resources: Resources, postgres: Postgres
) -> None:
    """Nothing is sold; the seats stay the booking's until the claim lapses, then they are anybody's."""
    showing = await halls.showing("....")
    async with running_worker(settings) as worker, locked_inventory(settings, showing):
        booking = await chosen(alice, showing.session, "A1", "A2")
        confirming = asyncio.create_task(confirm_at(worker, alice, booking))
        await until(lambda: is_claimed(resources, showing, booking))
        await worker.kill()
        await confirming

    assert (await choose(alice, booking, "A3")).code == "booking_confirming"
    assert await drawing(bob, showing.session) == ["hhff"]
    assert (await choose(bob, await bob.book(showing.session), "A2", "A3")).body["errors"][0]["taken"] == ["A2"]
    await asyncio.sleep(CLAIM_SECONDS)
    assert await drawing(bob, showing.session) == ["ffff"]
    theirs = await bought(bob, showing.session, "A2", "A3")
    assert (await alice.confirm(booking)).code == "booking_expired"
    assert await owners(postgres, showing) == dict.fromkeys(["A2", "A3"], Entity.BOOKING.number(theirs))


async def test_killed_between_claim_and_commit_then_confirmed_again(
    alice: Customer, halls: Halls, settings: Settings, resources: Resources, postgres: Postgres
) -> None:
    showing = await halls.showing("....")
    async with running_worker(settings) as worker, locked_inventory(settings, showing):
        booking = await chosen(alice, showing.session, "A1", "A2")
        confirming = asyncio.create_task(confirm_at(worker, alice, booking))
        await until(lambda: is_claimed(resources, showing, booking))
        await worker.kill()
        await confirming

    await asyncio.sleep(settings.sale_seconds)
    answer = await alice.confirm(booking)
    assert (answer.status, labels_of(answer.booking)) == (200, ["A1", "A2"])
    assert sorted(await owners(postgres, showing)) == ["A1", "A2"]


async def test_killed_between_commit_and_settle(
    alice: Customer, bob: Customer, halls: Halls, settings: Settings, resources: Resources, postgres: Postgres
) -> None:
    """The seats are sold, held besides until the claim lapses, and never free."""
    showing = await halls.showing("....")

    async def is_sold() -> bool:
        return len(await owners(postgres, showing)) == 2

    async with running_worker(settings) as worker:
        booking = await chosen(alice, showing.session, "A1", "A2")
        async with locked_inventory(settings, showing):
            confirming = asyncio.create_task(confirm_at(worker, alice, booking))
            await until(lambda: is_claimed(resources, showing, booking))
            await resources.redis.command("CLIENT", "PAUSE", 600, "WRITE")
        await until(is_sold)
        await worker.kill()
        await confirming
    await resources.redis.command("CLIENT", "UNPAUSE")

    answer = await alice.confirm(booking)
    assert answer.code == "booking_confirmed"
    assert labels_of(answer.body["errors"][0]["booking"]) == ["A1", "A2"]
    their = await bob.book(showing.session)
    for pause in (0, settings.lease_seconds, CLAIM_SECONDS):
        await asyncio.sleep(pause)
        their = their if pause == 0 else await bob.book(showing.session)
        assert (await choose(bob, their, "A2")).body["errors"][0]["taken"] == ["A2"]
    assert await drawing(bob, showing.session) == ["ssff"]
    await bought(bob, showing.session, "A3", "A4")
    assert len(await owners(postgres, showing)) == 4


async def test_redis_forgets_everything(
    alice: Customer, bob: Customer, halls: Halls, resources: Resources, postgres: Postgres
) -> None:
    """Who held seats has lost them; what is sold comes back with the inventory."""
    showing = await halls.showing("....")
    await bought(alice, showing.session, "A1")
    lost = await chosen(alice, showing.session, "A2")
    await resources.redis.command("FLUSHALL")

    assert (await alice.confirm(lost)).code == "booking_not_found"
    assert await drawing(bob, showing.session) == ["sfff"]
    assert (await choose(bob, await bob.book(showing.session), "A1", "A2")).body["errors"][0]["taken"] == ["A1"]
    await bought(bob, showing.session, "A2")
    assert len(await owners(postgres, showing)) == 2


async def test_redis_forgets_who_sits_where(
    alice: Customer, bob: Customer, halls: Halls, resources: Resources, postgres: Postgres
) -> None:
    """The seating alone is gone: it is drawn anew from what is sold, and from the holds, which name their seats."""
    showing = await halls.showing("....")
    await bought(bob, showing.session, "A4")
    mine = await chosen(alice, showing.session, "A1", "A2")
    await resources.redis.command("DEL", f"pool:{{{showing.session}}}:seating")

    assert await drawing(bob, showing.session) == ["hhfs"]
    their = await bob.book(showing.session)
    assert (await choose(bob, their, "A2", "A3", "A4")).body["errors"][0]["taken"] == ["A2", "A4"]
    assert (await choose(bob, their, "A3")).status == 200
    answers = await asyncio.gather(alice.confirm(mine), bob.confirm(their))
    assert [answer.status for answer in answers] == [200, 200]
    assert len(await owners(postgres, showing)) == 4
