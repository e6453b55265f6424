"""Who erases the account is in no line any more."""

import asyncio

import pytest

from service.accounts.queries import erase_user
from service.errors import SERVICE_UNAVAILABLE, ApiError
from service.jobs.resources import JobResources
from service.postgres import Connection
from service.resources import Resources
from service.ticketing.waitlist import queries
from service.ticketing.waitlist.leaving import leave_all
from service.ticketing.waitlist.serving import serve_lines
from tests.service.api import Answer
from tests.service.conftest import Client
from tests.service.factories import PASSWORD, PASSWORD_HASH
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, crowd
from tests.service.ticketing.waitlist.conftest import add, entries, status, waits


async def erase(buyer: Buyer, password: str = PASSWORD) -> Answer:
    return await buyer.api("DELETE", "/v1/me", {"password": password})


async def statuses(resources: Resources, buyer: Buyer) -> list[str]:
    async with resources.postgres.acquire() as connection:
        rows = await connection.fetch(
            "SELECT status FROM waitlist_entries WHERE user_id = $1 ORDER BY position", buyer.account.user_id
        )
    return [row["status"] for row in rows]


async def test_what_was_offered_goes_to_the_next_and_places_move_up(
    client: Client, resources: Resources, office: BoxOffice, alice: Buyer, bob: Buyer, worker: JobResources
) -> None:
    free, full = await office.event(seats=2), await office.event(seats=1)
    [carol] = await crowd(client, resources, 1)
    await alice.booked(full)
    for buyer in (bob, carol):
        await waits(buyer, full)
        await waits(buyer, free, 2)
    await serve_lines(worker)
    assert await statuses(resources, bob) == ["waiting", "offered"]
    assert [entry["position"] for entry in await entries(carol)] == [1, 2]
    assert (await erase(bob)).status == 204
    assert await statuses(resources, bob) == ["left", "left"]
    assert [entry["position"] for entry in await entries(carol)] == [1, 1]
    await alice.cancel(full)
    await serve_lines(worker)
    assert {entry["status"] for entry in await entries(carol)} == {"offered"}


async def test_a_wrong_password_keeps_the_place(
    office: BoxOffice, alice: Buyer, bob: Buyer, resources: Resources
) -> None:
    event = await office.event(seats=1)
    await alice.booked(event)
    await waits(bob, event)
    assert (await erase(bob, "wrong password")).status == 401
    assert await status(bob) == "waiting"


async def test_who_is_being_erased_joins_no_line(office: BoxOffice, bob: Buyer, resources: Resources) -> None:
    """This worker has not heard of it yet. Without the lock on the user, the entry stays in line for ever."""
    event = await office.event()
    async with resources.postgres.transaction() as connection:
        await leave_all(connection, bob.account.user_id)
        joining = asyncio.create_task(add(bob, event))
        await asyncio.sleep(0.2)
        assert not joining.done()
        await erase_user(connection, bob.account.user_id, PASSWORD_HASH)
    assert refused(await joining) == (401, "USER-06")
    assert await statuses(resources, bob) == []


async def test_who_joins_in_the_middle_of_it_is_not_overlooked(
    office: BoxOffice, bob: Buyer, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool was not locked with the others: to lock it now could be a deadlock."""
    lock_user, first, second = queries.lock_user, await office.event(), await office.event()
    await waits(bob, first)

    async def join_first(connection: Connection, user_id: int) -> None:
        await waits(bob, second)
        await lock_user(connection, user_id)

    monkeypatch.setattr(queries, "lock_user", join_first)
    with pytest.raises(ApiError) as refusal:
        async with resources.postgres.transaction() as connection:
            await leave_all(connection, bob.account.user_id)
    assert refusal.value.kind is SERVICE_UNAVAILABLE
    assert await statuses(resources, bob) == ["waiting", "waiting"]


async def test_who_cancels_tickets_at_the_same_time(office: BoxOffice, bob: Buyer, resources: Resources) -> None:
    """Both lock the pool before the user. With the idempotency key written first, that is a deadlock."""
    event = await office.event()
    await bob.booked(event)
    await waits(bob, event)
    async with resources.postgres.transaction() as connection:
        await queries.change_lines_of(connection, bob.account.user_id)
        cancelling = asyncio.create_task(bob.cancel(event, Idempotency_Key="a"))
        await asyncio.sleep(0.2)
        await queries.lock_user(connection, bob.account.user_id)
    assert (await cancelling).status == 200
