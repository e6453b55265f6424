"""A long line, while tickets are booked, cancelled and left to lapse, workers are killed, and Redis is wiped once."""

import asyncio
import os
import signal
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from random import Random
from uuid import UUID

import pytest

from holds import keys
from service.jobs.resources import JobResources
from service.resources import Resources
from service.settings import Settings
from service.ticketing.waitlist.serving import serve_lines
from tests.service.conftest import Client
from tests.service.jobs.running import running_jobs
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, Event, crowd
from tests.service.ticketing.waitlist import churn
from tests.service.ticketing.waitlist.churn import Grant
from tests.service.ticketing.waitlist.conftest import waits
from tests.service.ticketing.waitlist.forking import Start, workers
from tests.service.waiting import until

SECONDS = float(os.environ.get("HOLDFAST_CHURN_SECONDS", "8"))
"""How long it lasts: 60 for a thorough look."""
OFFER_SECONDS = 4
SEATS = 40
WAITING = 100
SETTLED = timedelta(seconds=1.5)
"""In which Redis certainly knows of a change that was committed: the lease, and something for slow machines."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Offers of four seconds; the protocol's times are scaled down."""
    scaled = {"ticket_hold_seconds": OFFER_SECONDS, "sale_seconds": 1, "lease_seconds": 1, "claim_seconds": 3}
    return settings.model_copy(update=scaled)


@dataclass
class Churn:
    """Everybody who comes and goes."""

    event: Event
    resources: Resources
    start_worker: Start
    random: Random
    holders: list[Buyer]
    waiting: dict[int, Buyer]
    public: Buyer
    grants: list[Grant] = field(default_factory=list)
    seen: dict[UUID, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    """When offers were made that Redis had in its list."""
    kills: int = 0

    async def run(self, seconds: float) -> None:
        """All of it, for so long; what is under way is ended."""
        parts = [self._cancel, self._want, self._answer_offers, self._look_at_offers, self._kill_workers]
        tasks = [asyncio.create_task(self._again_and_again(part)) for part in parts]
        await asyncio.sleep(seconds / 2)
        await self.resources.redis.command("FLUSHALL")
        await asyncio.sleep(seconds / 2)
        for task in tasks:
            assert not task.done(), task.exception()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _again_and_again(self, part: Callable[[], Awaitable[None]]) -> None:
        while True:
            await part()

    async def _cancel(self) -> None:
        """Somebody gives some booked tickets back, of those who have some."""
        await self.random.choice(self.holders).cancel(self.event, self.random.randint(1, 3))
        await asyncio.sleep(self.random.uniform(0.05, 0.15))

    async def _want(self) -> None:
        """Somebody who does not wait wants tickets, and books them if there are any."""
        count, begun = self.random.randint(1, 4), datetime.now(UTC)
        answer = await self.public.reserve(self.event, count)
        if answer.status == 200:
            self.grants.append(Grant(count, begun, datetime.now(UTC)))
            await self.public.book(*answer.body["ticket_ids"])
        await asyncio.sleep(0.02)

    async def _answer_offers(self) -> None:
        """Most offers are booked at some time, the others lapse."""
        async with self.resources.postgres.acquire() as connection:
            rows = await connection.fetch("SELECT user_id, ticket_ids FROM waitlist_entries WHERE status = 'offered'")
        for row in rows:
            buyer = self.waiting[row["user_id"]]
            if self.random.random() < 0.15:
                answer = await buyer.book(*map(str, row["ticket_ids"]))
                if answer.status == 200:
                    self.holders.append(buyer)
        await asyncio.sleep(0.2)

    async def _look_at_offers(self) -> None:
        """Those that lapse before a worker lives to tell of them are in no table."""
        offers = await self.resources.redis.command("ZRANGE", keys.offers(self.event.pool), 0, -1, "WITHSCORES")
        for entry, closes_at in zip(offers[::2], offers[1::2], strict=True):
            made_at = datetime.fromtimestamp(float(closes_at) / 1_000 - OFFER_SECONDS, UTC)
            self.seen[UUID(entry.decode())].add(made_at)
        await asyncio.sleep(0.05)

    async def _kill_workers(self) -> None:
        """A worker runs for a moment, and dies in the middle of whatever it does."""
        worker = await self.start_worker()
        try:
            await asyncio.sleep(self.random.uniform(0.5, 2.5))
        finally:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
            self.kills += 1


async def test_the_line_is_kept(
    client: Client, resources: Resources, office: BoxOffice, settings: Settings, worker: JobResources
) -> None:
    """Nobody is overtaken by somebody who joined later and needs no fewer, nothing that somebody waits for goes to the
    public, and every offer has its status and its e-mail.

    Without `serve_line` in `open.lua` the public gets what somebody waits for. With the line read in another order than
    that of joining, somebody is overtaken.
    """
    random = Random(1)  # noqa: S311
    event = await office.event(SEATS)
    holders, waiting = await crowd(client, resources, 10), await crowd(client, resources, WAITING)
    [public] = await crowd(client, resources, 1)
    for holder in holders:
        await holder.booked(event, SEATS // len(holders))
    for buyer in waiting:
        await waits(buyer, event, random.choice((1, 1, 2, 3, 4)))
    async with resources.postgres.acquire() as connection:
        await connection.execute(churn.LOG)

    async with workers(settings) as start_worker:
        by_user = {buyer.account.user_id: buyer for buyer in waiting}
        crowds = Churn(event, resources, start_worker, random, holders, by_user, public)
        await crowds.run(SECONDS)
    await serve_lines(worker)
    async with running_jobs(settings, ticks=()):
        await until(lambda: _nothing_queued(resources))

    async with resources.postgres.acquire() as connection:
        all_waits = await churn.waits(connection)
        odd = await connection.fetch(
            """
            SELECT status, closes_at FROM waitlist_entries AS entries
            WHERE (status = 'booked') <> EXISTS (SELECT FROM tickets WHERE tickets.id = ANY (entries.ticket_ids))
               OR (status = 'waiting') <> NOT EXISTS (
                   SELECT FROM line_log WHERE entry = entries.id AND new <> 'waiting'
                   AND n > COALESCE((SELECT max(n) FROM line_log WHERE entry = entries.id AND new = 'waiting'), 0))
            """
        )
    assert churn.overtaken(all_waits, crowds.seen, SETTLED) == []
    assert churn.neglected(all_waits, crowds.grants, crowds.seen, SETTLED) == []
    assert odd == []
    offers = {f"waitlist-offer.{wait.entry}.{wait.offer}" for wait in all_waits if wait.offer is not None}
    mails = _mails(settings)
    assert mails.keys() == offers
    assert all(f"<{name}@" in mail["Message-ID"] for name, mail in mails.items())
    sold, booked = await office.sold(event)
    assert sold == booked <= SEATS
    assert (len(offers) > 5, crowds.kills > 1) == (True, True)


def _mails(settings: Settings) -> dict[str, EmailMessage]:
    """What was sent, by the names of the files."""
    return {
        path.stem: message_from_bytes(path.read_bytes(), policy=SMTP) for path in settings.mail_folder.glob("*.eml")
    }


async def _nothing_queued(resources: Resources) -> bool:
    async with resources.postgres.acquire() as connection:
        return not await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'waitlist-offer'")
