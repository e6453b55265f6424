"""Cancelling booked tickets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID, uuid4

import pytest

from service.resources import Resources
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, Event
from tests.service.waiting import somebody_waits, until


async def booked_ids(resources: Resources, event: Event) -> set[str]:
    async with resources.postgres.acquire() as connection:
        rows = await connection.fetch(
            "SELECT id FROM tickets WHERE event_id = $1 AND cancelled_at IS NULL", event.event_id
        )
    return {str(row["id"]) for row in rows}


async def test_the_seats_are_free_at_once(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    event = await office.event(seats=3)
    await alice.booked(event, 3)
    assert refused(await bob.reserve(event)) == (400, "TICKET-01")
    answer = await alice.cancel(event, 2)
    assert (answer.status, answer.body) == (200, None)
    assert await office.sold(event) == (1, 1)
    await bob.reserved(event, 2)


async def test_the_newest_go_first(alice: Buyer, office: BoxOffice, resources: Resources) -> None:
    event = await office.event()
    oldest, second, *newest = [(await alice.booked(event))[0] for _ in range(4)]
    assert (await alice.cancel(event, 2)).status == 200
    assert await booked_ids(resources, event) == {oldest, second}
    assert not set(newest) & await booked_ids(resources, event)
    assert (await alice.cancel(event, 1)).status == 200
    assert await booked_ids(resources, event) == {oldest}


async def test_fewer_than_that(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    event, other = await office.event(), await office.event()
    await alice.booked(event, 2)
    await alice.booked(other, 2)
    await bob.booked(event, 2)
    for count in (3, 2**31, 2**63, 10**30, 0, -1, None):
        assert refused(await alice.cancel(event, count)) == (400, "TICKET-01")
    assert await office.sold(event) == (4, 4)


@pytest.mark.parametrize("count", [1, 5])
async def test_none(alice: Buyer, bob: Buyer, office: BoxOffice, count: int) -> None:
    """Reserved ones are not booked, and those of others are not one's own."""
    event = await office.event()
    await bob.booked(event)
    await alice.reserved(event)
    assert refused(await alice.cancel(event, count)) == (400, "TICKET-03")
    assert refused(await alice.cancel(Event(UUID(int=uuid4().int), 1), count)) == (400, "TICKET-03")


async def test_cancelled_ones_are_not_cancelled_again(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    await alice.booked(event, 2)
    assert (await alice.cancel(event, 2)).status == 200
    assert refused(await alice.cancel(event, 1)) == (400, "TICKET-03")
    await alice.booked(event, 1)
    assert refused(await alice.cancel(event, 2)) == (400, "TICKET-01")


async def test_many_at_once_cancel_each_ticket_once(alice: Buyer, office: BoxOffice) -> None:
    """Without the lock on the inventory row, two of them choose the same tickets."""
    event = await office.event(seats=10)
    await alice.booked(event, 7)
    answers = await asyncio.gather(*(alice.cancel(event, 2) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] * 3 + [400] * 5
    assert await office.sold(event) == (1, 1)


async def test_while_others_book_and_cancel(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    event = await office.event(seats=4)

    async def come_and_go(buyer: Buyer) -> None:
        for _ in range(10):
            answer = await buyer.reserve(event, 3)
            if answer.status == 200:
                assert (await buyer.book(*answer.body["ticket_ids"])).status == 200
                assert (await buyer.cancel(event, 3)).status == 200

    await asyncio.gather(come_and_go(alice), come_and_go(bob))
    assert (await office.sold(event), await office.held(event)) == ((0, 0), 0)
    await alice.reserved(event, 4)


async def test_an_idempotency_key_cancels_once(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    await alice.booked(event, 4)
    for _ in range(3):
        assert (await alice.cancel(event, 1, Idempotency_Key="a")).status == 200
    assert await office.sold(event) == (3, 3)


async def test_an_idempotency_key_cancels_once_though_redis_forgot_it(alice: Buyer, office: BoxOffice) -> None:
    """As when the transaction is committed, and neither Redis nor the caller learns of it: the key commits with it.

    Without `is_first` in `cancel`, each repetition cancels another ticket.
    """
    event = await office.event()
    await alice.booked(event, 4)
    answers = []
    for _ in range(3):
        answers.append(await alice.cancel(event, 1, Idempotency_Key="a"))
        await office.resources.redis.command("FLUSHALL")
    assert [(answer.status, answer.body) for answer in answers] == [(200, None)] * 3
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers] == [None, "true", "true"]
    assert (await alice.cancel(event, 1, Idempotency_Key="b")).status == 200
    assert await office.sold(event) == (2, 2)


async def test_a_key_that_redis_forgot_belongs_to_its_request(alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    """And to its user."""
    event = await office.event()
    await alice.booked(event, 4)
    await bob.booked(event, 1)
    assert (await alice.cancel(event, 1, Idempotency_Key="a")).status == 200
    await office.resources.redis.command("FLUSHALL")
    answer = await alice.cancel(event, 2, Idempotency_Key="a")
    assert answer.status == 422
    assert (await bob.cancel(event, 1, Idempotency_Key="a")).status == 200
    assert await office.sold(event) == (3, 3)


async def test_a_refusal_uses_no_key_up(alice: Buyer, office: BoxOffice) -> None:
    event = await office.event()
    await alice.booked(event, 1)
    assert refused(await alice.cancel(event, 2, Idempotency_Key="a")) == (400, "TICKET-01")
    await office.resources.redis.command("FLUSHALL")
    await alice.booked(event, 1)
    assert (await alice.cancel(event, 2, Idempotency_Key="a")).status == 200
    assert await office.sold(event) == (0, 0)


async def test_two_at_once_under_one_key_that_redis_forgot_in_between(alice: Buyer, office: BoxOffice) -> None:
    """The second waits for the first to commit, and does nothing more."""
    event = await office.event()
    await alice.booked(event, 4)
    async with _locked(office, event):
        first = asyncio.create_task(alice.cancel(event, 1, Idempotency_Key="a"))
        await until(partial(somebody_waits, office.resources.postgres))
        await office.resources.redis.command("FLUSHALL")
        second = asyncio.create_task(alice.cancel(event, 1, Idempotency_Key="a"))
        await asyncio.sleep(0.1)
    assert [answer.status for answer in await asyncio.gather(first, second)] == [200, 200]
    assert await office.sold(event) == (3, 3)


@asynccontextmanager
async def _locked(office: BoxOffice, event: Event) -> AsyncIterator[None]:
    """With the event's inventory row locked by somebody else."""
    async with office.resources.postgres.transaction() as connection:
        await connection.execute("SELECT FROM inventory WHERE id = $1 FOR UPDATE", event.number)
        yield
