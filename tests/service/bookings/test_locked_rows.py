"""Confirming while somebody else keeps a row locked: neighbours in the same transaction are sold meanwhile."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest

from holds.models import Inventory
from service.bookings.selling import Outcome, Sale, sell
from service.errors import SEATS_UNAVAILABLE, SERVICE_UNAVAILABLE, ApiError
from service.inventory import load_inventory
from service.postgres import Connection, Postgres
from service.resources import Resources
from service.settings import Settings
from service.settling import Settling
from tests.service.bookings.conftest import Customer, NewCustomer, NewSession
from tests.service.conftest import Client


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With so much time for a sale that a slow machine does not end it."""
    return settings.model_copy(update={"sale_seconds": 60, "claim_seconds": 150})


async def claimed(resources: Resources, customer: Customer, session: str, *, seconds: float = 60) -> Sale:
    """A sale that has so much time left."""
    booking = await customer.reserved(session, 1)
    claim = await resources.engine.claim(customer.account.public_id, [booking])
    claim = replace(claim, deadline=asyncio.get_running_loop().time() + seconds)
    booking_id, session_id = int(booking.removeprefix("bkg_")), int(session.removeprefix("ses_"))
    return Sale(booking_id, session_id, customer.account.user_id, "confirmed", claim)


def kinds(outcomes: Sequence[Outcome]) -> list[object]:
    return [outcome.kind if isinstance(outcome, ApiError) else type(outcome).__name__ for outcome in outcomes]


async def test_a_locked_customer_holds_nobody_else_up(
    client: Client, new_customer: NewCustomer, new_session: NewSession, postgres: Postgres
) -> None:
    """Their account is being erased, say. Failed with a session's sales apart together: none was sold meanwhile."""
    showing = await new_session(capacity=100)
    stuck, *others = [Customer(client, await new_customer()) for _ in range(5)]
    wanted = await stuck.reserved(showing.session, 1)
    bookings = [(other, await other.reserved(showing.session, 1)) for other in others for _ in range(2)]
    async with asyncio.timeout(30), postgres.transaction() as connection:
        await connection.execute("SELECT FROM users WHERE id = $1 FOR UPDATE", stuck.account.user_id)
        selling = asyncio.create_task(stuck.confirm(wanted))
        for start in (0, 4):
            answers = await asyncio.gather(*(other.confirm(booking) for other, booking in bookings[start : start + 4]))
            assert {answer.status for answer in answers} == {200}
            await asyncio.sleep(0.6)  # until the one that is stuck waits apart
        assert not selling.done()
    assert (await selling).status == 200


async def test_a_locked_customer_among_those_who_wait_for_a_pool(
    client: Client, new_customer: NewCustomer, new_session: NewSession, postgres: Postgres
) -> None:
    """Failed with those who wait apart settled together only: they waited for the customer after the pool."""
    showing = await new_session(capacity=100)
    stuck, *others = [Customer(client, await new_customer()) for _ in range(4)]
    bookings = [(customer, await customer.reserved(showing.session, 1)) for customer in (stuck, *others)]
    async with asyncio.timeout(30), postgres.transaction() as user:
        await user.execute("SELECT FROM users WHERE id = $1 FOR UPDATE", stuck.account.user_id)
        async with postgres.transaction() as pool:
            await pool.execute("SELECT FROM inventory WHERE id = $1 FOR UPDATE", showing.session_id)
            selling, *rest = [asyncio.create_task(customer.confirm(booking)) for customer, booking in bookings]
            await asyncio.sleep(0.6)  # until all wait apart
        assert {answer.status for answer in await asyncio.gather(*rest)} == {200}
        assert not selling.done()
    assert (await selling).status == 200


async def test_a_sale_with_little_time_left_does_not_end_its_neighbours(
    resources: Resources, alice: Customer, bob: Customer, new_session: NewSession, postgres: Postgres
) -> None:
    """Failed with sales begun that had no time to wait for a lock: their end came first, and all were refused."""
    showings = [await new_session() for _ in range(3)]
    fine, locked = [await claimed(resources, bob, showing.session) for showing in showings[1:]]
    pressing = await claimed(resources, alice, showings[0].session, seconds=0.256)
    async with asyncio.timeout(30), postgres.transaction() as connection:
        await connection.execute("SELECT FROM inventory WHERE id = $1 FOR UPDATE", locked.session_id)
        outcomes = await resources.sales._settle_together([pressing, fine, locked])
    assert kinds(outcomes) == [SERVICE_UNAVAILABLE, "Settled", "PoolLocked"]


async def test_a_sale_whose_time_is_over_does_not_end_its_neighbours(
    resources: Resources, alice: Customer, bob: Customer, new_session: NewSession
) -> None:
    """It takes longer than anybody thought. Failed with all of its transaction refused."""
    fine = await claimed(resources, bob, (await new_session()).session)
    pressing = await claimed(resources, alice, (await new_session()).session, seconds=1)

    async def slowly(connection: Connection, sales: Sequence[Sale]) -> tuple[list[Outcome], dict[str, Inventory]]:
        if pressing in sales:
            await connection.execute("SELECT pg_sleep(3)")
        return await sell(resources.seat_plans, connection, sales)

    read = partial(load_inventory, resources.postgres)
    settling = Settling(resources.postgres, resources.engine, slowly, read, SEATS_UNAVAILABLE)
    assert kinds(await settling.settle([pressing, fine])) == [SERVICE_UNAVAILABLE, "Settled"]


async def test_who_waits_for_a_locked_pool_keeps_a_connection_now_and_then_only(
    resources: Resources, alice: Customer, new_session: NewSession, postgres: Postgres
) -> None:
    """Failed with the lock waited for at every turn: few pools may wait at once, and the others waited for these."""
    showing = await new_session()
    booking = await alice.reserved(showing.session, 1)
    async with asyncio.timeout(30), postgres.transaction() as connection:
        await connection.execute("SELECT FROM inventory WHERE id = $1 FOR UPDATE", showing.session_id)
        selling = asyncio.create_task(alice.confirm(booking))
        await asyncio.sleep(0.6)  # until it waits apart, and has waited in line
        waiting = 0
        for _ in range(50):
            waiting += resources.sales._slots._value < 2
            await asyncio.sleep(0.02)
        assert waiting < 25
    assert (await selling).status == 200
