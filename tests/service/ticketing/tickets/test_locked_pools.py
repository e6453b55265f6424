"""Booking tickets while somebody else keeps the row of an event locked, as who deletes a big one does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager

import asyncpg
import pytest

from service.settings import Settings
from tests.service.api import Answer
from tests.service.query_log import logged_queries
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, Event


@asynccontextmanager
async def locked(office: BoxOffice, event: Event) -> AsyncIterator[None]:
    async with office.resources.postgres.transaction() as connection:
        await connection.execute("SELECT FROM inventory WHERE id = $1 FOR UPDATE", event.number)
        yield


async def locked_of_twenty_times(office: BoxOffice, event: Event) -> int:
    """At how many of twenty moments the event's row is locked."""
    found = 0
    async with office.resources.postgres.acquire() as connection:
        for _ in range(20):
            try:
                await connection.execute("SELECT FROM inventory WHERE id = $1 FOR UPDATE NOWAIT", event.number)
            except asyncpg.LockNotAvailableError:
                found += 1
            await asyncio.sleep(0.02)
    return found


async def statuses(answers: Sequence[Awaitable[Answer]]) -> set[int]:
    return {answer.status for answer in await asyncio.gather(*answers)}


class TestWithTime:
    """With so much time for a sale that a slow machine does not end it."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"sale_seconds": 60, "claim_seconds": 150})

    async def test_others_are_sold_meanwhile_and_it_is_sold_in_the_end(self, alice: Buyer, office: BoxOffice) -> None:
        """They share transactions. Without `_settle_apart`, all of those that do with the locked one are refused."""
        stuck, *events = [await office.event(100) for _ in range(4)]
        wanted = [await alice.reserved(stuck) for _ in range(6)]
        async with locked(office, stuck):
            selling = [asyncio.create_task(alice.book(*ids)) for ids in wanted[:3]]
            await asyncio.sleep(0.05)  # until they are under way
            for _ in range(2):
                booking = [alice.book(*await alice.reserved(event)) for event in events]
                selling += [asyncio.create_task(alice.book(*wanted.pop()))]
                assert await statuses(booking) == {200}
            assert not any(one.done() for one in selling)
        assert await statuses(selling) == {200}
        assert [(await office.sold(event))[0] for event in (stuck, *events)] == [5, 2, 2, 2]

    async def test_who_waits_for_one_of_two_keeps_the_other_unlocked(self, alice: Buyer, office: BoxOffice) -> None:
        """Tickets of both are booked together: the first row would be locked while the second is waited for."""
        first, second = sorted([await office.event(), await office.event()], key=lambda event: event.number)
        both = [*await alice.reserved(first), *await alice.reserved(second)]
        async with locked(office, second):
            selling = asyncio.create_task(alice.book(*both))
            await asyncio.sleep(0.5)  # until it waits apart
            assert await locked_of_twenty_times(office, first) < 10
            assert await statuses([alice.book(*await alice.reserved(first))]) == {200}
            assert not selling.done()
        assert (await selling).status == 200
        assert [(await office.sold(event))[0] for event in (first, second)] == [2, 1]

    async def test_it_costs_nothing_where_nothing_is_locked(self, alice: Buyer, office: BoxOffice) -> None:
        """A sale begins, locks, looks, sells and commits."""
        event = await office.event()
        ticket_ids = await alice.reserved(event)
        async with logged_queries(office.resources.postgres) as statements:
            assert (await alice.book(*ticket_ids)).status == 200
        assert len(statements) == 5


class TestWithoutTime:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"sale_seconds": 1})

    async def test_what_stays_locked_is_refused_and_still_reserved(self, alice: Buyer, office: BoxOffice) -> None:
        event = await office.event()
        ticket_ids = await alice.reserved(event)
        async with locked(office, event):
            answer = await alice.book(*ticket_ids)
            assert refused(answer) == (503, "DB-03")
            assert int(answer.headers["Retry-After"]) >= 1
        assert (await alice.book(*ticket_ids)).status == 200
