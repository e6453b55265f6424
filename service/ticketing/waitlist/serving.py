"""Serving the lines, each second: what became of offers is written down, and so are those that were made.

A crash anywhere is made up for by the next round: Redis tells of an offer until it hears that it is written down, and
an offer is new once, when its entry waits no more.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from holds.errors import HoldError, PoolNotFound, StoreUnavailable
from holds.models import Offer
from service.inventory import as_inventory, pool_of_event
from service.jobs.outbox import NewJob, enqueue_all
from service.jobs.resources import JobResources
from service.registers import write_registers
from service.ticketing.waitlist import queries
from service.ticketing.waitlist.recovering import lost_offers, put_back

OFFER_MAIL = "waitlist-offer"
AT_ONCE = 4
"""How many events are served at one time."""


async def serve_lines(resources: JobResources) -> None:
    """Serve every event with a line or with open offers. What fails does not keep the others waiting."""
    async with resources.postgres.acquire() as connection:
        events = await queries.events_to_serve(connection)
    found = await lost_offers(resources.postgres, resources.redis, [event["pool"] for event in events])
    slots = asyncio.Semaphore(AT_ONCE)

    async def serve(event: Record, lost: Sequence[Record] | BaseException) -> None:
        if isinstance(lost, BaseException):
            raise lost
        async with slots:
            await _serve(resources, event, lost)

    ends = await asyncio.gather(*map(serve, events, found), return_exceptions=True)
    failures = [end for end in ends if end is not None]
    if failures:
        raise failures[0]


async def _serve(resources: JobResources, event: Record, lost: Sequence[Record]) -> None:
    if event["is_due"]:
        await _close(resources, event)
    if lost and (row := await put_back(resources.postgres, event["pool"], lost)) is not None:
        await write_registers(resources.engine, pool_of_event, [row])
    pool = pool_of_event(event["pool"])
    while True:
        async with resources.postgres.acquire() as connection:
            before = await queries.now(connection)
        try:
            offers = await resources.engine.tick(pool)
        except PoolNotFound:  # deleted meanwhile
            return
        if not offers or not await _record(resources, event, offers, before):
            return


async def _close(resources: JobResources, event: Record) -> None:
    """Close what is over: offers, and the line of an event that has begun."""
    async with resources.postgres.transaction() as connection:
        row = await queries.change_line(connection, event["pool"])
        if row is None:
            return
        await queries.lapse(connection, event["id"])
        await queries.give_up_over(connection, event["id"])
    await write_registers(resources.engine, pool_of_event, [row])


async def _record(resources: JobResources, event: Record, offers: Sequence[Offer], before: datetime) -> bool:
    """Write offers down, with an e-mail for each new one, in one transaction, and tell Redis that it is done.

    Returns whether there was an event to do it for.

    `before` is the time by the clock of Postgres before they were read: what is left of them counts from there, so that
    in Postgres no offer lasts longer than its tickets are held.
    """
    async with resources.postgres.transaction() as connection:
        row = await queries.change_line(connection, event["pool"])
        if row is None:
            return False
        open_ones = [offer for offer in offers if offer.closes_at > offer.now]
        recorded = await queries.record_offers(
            connection,
            [UUID(offer.entry) for offer in open_ones],
            [before + timedelta(milliseconds=offer.made_at - offer.now) for offer in open_ones],
            [before + timedelta(milliseconds=offer.closes_at - offer.now) for offer in open_ones],
        )
        new = [entry for entry in recorded if entry["is_new"]]
        await queries.count_passed(connection, event["id"], [entry["position"] for entry in new])
        await enqueue_all(connection, [_mail(entry) for entry in new])
    known = {str(entry["id"]) for entry in recorded}
    for offer in open_ones:
        if offer.entry not in known:  # left or booked meanwhile
            with suppress(HoldError, StoreUnavailable):
                await resources.engine.release(offer.owner, offer.hold_ids)
    pool = pool_of_event(event["pool"])
    await resources.engine.acknowledge(pool, [offer.entry for offer in offers], as_inventory(row))
    return True


def _mail(entry: Record) -> NewJob:
    name = f"{entry['id']}.{entry['offers']}"
    payload = {"entry": str(entry["id"]), "offer": entry["offers"]}
    return NewJob(OFFER_MAIL, payload, dedupe_key=f"{OFFER_MAIL}:{name}")
