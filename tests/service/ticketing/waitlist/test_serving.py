"""Freed seats reach those who wait, without anyone calling the API."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from service.inventory import pool_of_event
from service.jobs.resources import JobResources
from service.resources import Resources
from service.settings import Settings
from service.ticketing.waitlist import queries, recovering, serving
from service.ticketing.waitlist.serving import serve_lines
from tests.service.api import Api
from tests.service.conftest import Client
from tests.service.jobs.running import running_jobs
from tests.service.query_log import logged_queries
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer, Event, crowd
from tests.service.ticketing.waitlist.conftest import entries, offered, remove, status, waits
from tests.service.waiting import until


async def queued_mails(resources: Resources) -> int:
    async with resources.postgres.acquire() as connection:
        found: int = await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'waitlist-offer'")
    return found


async def full(office: BoxOffice, buyer: Buyer, seats: int) -> Event:
    """An event whose tickets the buyer has booked."""
    event = await office.event(seats)
    await buyer.booked(event, seats)
    return event


async def test_what_is_cancelled_is_offered_in_the_order_of_joining(
    client: Client, resources: Resources, office: BoxOffice, alice: Buyer, worker: JobResources
) -> None:
    event = await full(office, alice, 4)
    first, second, third = await crowd(client, resources, 3)
    for buyer in (first, second, third):
        await waits(buyer, event, 2)
    await alice.cancel(event, 3)
    await serve_lines(worker)
    assert [await status(buyer) for buyer in (first, second, third)] == ["offered", "waiting", "waiting"]
    [entry] = await entries(first)
    assert (entry["position"], len(entry["ticket_ids"])) == (None, 2)
    assert [(await entries(buyer))[0]["position"] for buyer in (second, third)] == [1, 2]
    await alice.cancel(event, 1)
    await serve_lines(worker)
    assert [await status(buyer) for buyer in (second, third)] == ["offered", "waiting"]
    assert await office.held(event) == 4


async def test_an_offer_is_held_for_ten_minutes_and_booked_like_any_ticket(
    alice: Buyer, bob: Buyer, office: BoxOffice, worker: JobResources
) -> None:
    event = await full(office, alice, 2)
    await waits(bob, event, 2)
    await alice.cancel(event, 2)
    await serve_lines(worker)
    ticket_ids = await offered(bob)
    hold = await worker.engine.get(f"{bob.account.public_id}:tickets", f"tkt_{ticket_ids[0]}")
    assert (hold.pool, hold.closes_at - hold.opened_at) == (event.pool, 600_000)
    assert refused(await alice.book(*ticket_ids)) == (400, "TICKET-03")
    assert (await bob.book(*ticket_ids)).status == 200
    assert (await status(bob), await offered(bob)) == ("booked", [])
    assert await office.sold(event) == (2, 2)


async def test_the_public_gets_nothing_that_somebody_waits_for(
    alice: Buyer, bob: Buyer, office: BoxOffice, worker: JobResources
) -> None:
    """Decided where seats are granted: no worker has run since they came free."""
    event = await full(office, alice, 3)
    await waits(bob, event, 2)
    await alice.cancel(event, 3)
    assert refused(await alice.reserve(event, 2)) == (400, "TICKET-01")
    await alice.reserved(event, 1)
    await serve_lines(worker)
    assert (await bob.book(*await offered(bob))).status == 200


async def test_free_seats_are_offered_to_who_joins(alice: Buyer, office: BoxOffice, worker: JobResources) -> None:
    await waits(alice, await office.event(), 2)
    await serve_lines(worker)
    assert await status(alice) == "offered"


async def test_a_greater_seat_count_is_offered(
    boss: Api, alice: Buyer, bob: Buyer, office: BoxOffice, worker: JobResources
) -> None:
    event = await full(office, alice, 2)
    await waits(bob, event)
    await serve_lines(worker)
    assert await status(bob) == "waiting"
    assert (await boss("POST", "/ticketing/event/update/", {"id": event.id, "seat_count": 3})).status == 201
    await serve_lines(worker)
    assert await status(bob) == "offered"


async def test_who_wants_more_than_there_are_by_now_waits_no_more(
    boss: Api, alice: Buyer, bob: Buyer, office: BoxOffice, worker: JobResources
) -> None:
    """Nobody behind is kept waiting for what cannot be: it happens together with the change."""
    event = await office.event(seats=4)
    ticket_ids = await alice.reserved(event, 1)
    await waits(bob, event, 4)
    assert (await boss("POST", "/ticketing/event/update/", {"id": event.id, "seat_count": 3})).status == 201
    assert await status(bob) == "lapsed"
    assert (await alice.book(*ticket_ids)).status == 200
    await waits(bob, event, 3)
    assert (await boss("POST", "/ticketing/event/update/", {"id": event.id, "name": "Another"})).status == 201
    assert await status(bob) == "waiting"
    await alice.cancel(event)
    await serve_lines(worker)
    assert await status(bob) == "offered"


async def test_a_seat_count_is_lowered_before_anything_is_offered(
    boss: Api, alice: Buyer, bob: Buyer, office: BoxOffice, worker: JobResources
) -> None:
    """With the line served first, all seats are offered, and none can go."""
    event = await office.event(seats=3)
    await waits(alice, event, 2)
    await waits(bob, event)
    assert (await boss("POST", "/ticketing/event/update/", {"id": event.id, "seat_count": 1})).status == 201
    assert [await status(buyer) for buyer in (alice, bob)] == ["lapsed", "waiting"]
    await serve_lines(worker)
    assert await status(bob) == "offered"


async def test_a_seat_count_is_lowered_by_seats_that_gather(
    boss: Api, client: Client, resources: Resources, alice: Buyer, bob: Buyer, office: BoxOffice, worker: JobResources
) -> None:
    """They are nobody's yet; who waits for them waits on."""
    event = await full(office, alice, 8)
    await waits(bob, event, 4)
    for single in await crowd(client, resources, 3):
        await waits(single, event)
    for seats in (3, 2):
        await alice.cancel(event, seats)
        await serve_lines(worker)
    assert refused(await alice.reserve(event)) == (400, "TICKET-01")
    assert (await boss("POST", "/ticketing/event/update/", {"id": event.id, "seat_count": 6})).status == 201
    answer = await boss("POST", "/ticketing/event/update/", {"id": event.id, "seat_count": 5})
    assert refused(answer) == (400, "EVENT-05")
    await alice.cancel(event, 3)
    await serve_lines(worker)
    assert (await status(bob), await office.held(event)) == ("waiting", 3)
    assert (await boss("POST", "/ticketing/event/update/", {"id": event.id, "seat_count": 7})).status == 201
    await serve_lines(worker)
    assert await status(bob) == "offered"


async def test_a_party_of_four_among_singles_is_served(
    client: Client, resources: Resources, office: BoxOffice, alice: Buyer, bob: Buyer, worker: JobResources
) -> None:
    """Passed over three times, it is passed no more: seats gather for it, which nobody else gets."""
    event = await full(office, alice, 8)
    await waits(bob, event, 4)
    singles = await crowd(client, resources, 5)
    for single in singles:
        await waits(single, event)
    for _ in range(6):
        await alice.cancel(event, 1)
        await serve_lines(worker)
    assert [await status(single) for single in singles] == ["offered"] * 3 + ["waiting"] * 2
    assert await status(bob) == "waiting"
    assert refused(await alice.reserve(event, 1)) == (400, "TICKET-01")
    await alice.cancel(event, 1)
    await serve_lines(worker)
    assert (await status(bob), len(await offered(bob))) == ("offered", 4)
    await alice.cancel(event, 1)
    await serve_lines(worker)
    assert [await status(single) for single in singles] == ["offered"] * 4 + ["waiting"]


async def test_each_offer_has_one_e_mail(
    alice: Buyer, bob: Buyer, office: BoxOffice, settings: Settings, resources: Resources, worker: JobResources
) -> None:
    """However often the worker looks; it says what is reserved, and until when."""
    event = await full(office, alice, 2)
    await waits(bob, event, 2)
    await alice.cancel(event, 2)
    for _ in range(3):
        await serve_lines(worker)
    assert await queued_mails(resources) == 1
    async with running_jobs(settings):
        await until(lambda: _none_queued(resources))
    [mail] = _mails(settings)
    async with resources.postgres.acquire() as connection:
        entry_id = await connection.fetchval("SELECT id FROM waitlist_entries")
    assert (mail["To"], mail["Message-ID"].strip()) == (
        bob.account.email,
        f"<waitlist-offer.{entry_id}.1@holdfast.example>",
    )
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        for shown in ("A concert", "reserved for you until", *await offered(bob)):
            assert shown in body.get_content()


async def test_who_leaves_gives_the_offer_to_the_next(
    alice: Buyer, bob: Buyer, client: Client, resources: Resources, office: BoxOffice, worker: JobResources
) -> None:
    event = await full(office, alice, 1)
    [carol] = await crowd(client, resources, 1)
    for buyer in (bob, carol):
        await waits(buyer, event)
    await alice.cancel(event)
    await serve_lines(worker)
    ticket_ids = await offered(bob)
    assert (await remove(bob, event)).status == 200
    await serve_lines(worker)
    assert await status(carol) == "offered"
    assert refused(await bob.book(*ticket_ids)) == (400, "TICKET-02")


async def test_an_offer_to_who_left_at_the_same_moment(
    alice: Buyer, bob: Buyer, client: Client, resources: Resources, office: BoxOffice, worker: JobResources
) -> None:
    """Redis has made it, and nobody has written it down yet: it is given back, and the next is served."""
    event = await full(office, alice, 1)
    [carol] = await crowd(client, resources, 1)
    for buyer in (bob, carol):
        await waits(buyer, event)
    await alice.cancel(event)
    assert len(await worker.engine.tick(event.pool)) == 1
    assert (await remove(bob, event)).status == 200
    await serve_lines(worker)
    await serve_lines(worker)
    assert await status(carol) == "offered"
    assert (await entries(bob), await queued_mails(resources)) == ([], 1)


async def test_a_worker_that_dies_before_it_has_written_an_offer_down(
    alice: Buyer, bob: Buyer, office: BoxOffice, resources: Resources, worker: JobResources
) -> None:
    event = await full(office, alice, 1)
    await waits(bob, event)
    await alice.cancel(event)
    assert len(await worker.engine.tick(event.pool)) == 1
    [offer] = await worker.engine.tick(event.pool)
    assert await status(bob) == "waiting"
    await serve_lines(worker)
    assert await offered(bob) == [hold_id.removeprefix("tkt_") for hold_id in offer.hold_ids]
    assert await queued_mails(resources) == 1


async def test_a_worker_that_dies_before_redis_hears_of_it(
    alice: Buyer,
    bob: Buyer,
    office: BoxOffice,
    resources: Resources,
    worker: JobResources,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The offer is told again, and is no new one."""
    event = await full(office, alice, 1)
    await waits(bob, event)
    await alice.cancel(event)

    class Died(Exception):
        pass

    async def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(worker.engine, "acknowledge", die)
        with pytest.raises(Died):
            await serve_lines(worker)
    assert len(await worker.engine.tick(event.pool)) == 1
    await serve_lines(worker)
    assert await worker.engine.tick(event.pool) == ()
    assert (await status(bob), await queued_mails(resources)) == ("offered", 1)
    assert (await bob.book(*await offered(bob))).status == 200


async def test_of_two_workers_at_once_one_writes_an_offer_down(
    alice: Buyer, office: BoxOffice, client: Client, resources: Resources, worker: JobResources
) -> None:
    event = await full(office, alice, 10)
    buyers = await crowd(client, resources, 10)
    for buyer in buyers:
        await waits(buyer, event)
    await alice.cancel(event, 10)
    await asyncio.gather(*(serve_lines(worker) for _ in range(4)))
    assert {await status(buyer) for buyer in buyers} == {"offered"}
    assert await queued_mails(resources) == 10


async def test_redis_forgets_everything(
    alice: Buyer, bob: Buyer, client: Client, resources: Resources, office: BoxOffice, worker: JobResources
) -> None:
    """The line is there before the public is served, and who had an offer is offered the same tickets first."""
    event = await full(office, alice, 4)
    carol, dave = await crowd(client, resources, 2)
    for buyer, count in ((bob, 2), (carol, 2), (dave, 1)):
        await waits(buyer, event, count)
    await alice.cancel(event, 3)
    await serve_lines(worker)
    lost = await offered(bob)
    await resources.redis.command("FLUSHALL")
    await serve_lines(worker)
    assert [await status(buyer) for buyer in (bob, carol, dave)] == ["offered", "waiting", "offered"]
    assert await offered(bob) == lost
    await resources.redis.command("FLUSHALL")
    assert refused(await alice.reserve(event, 1)) == (400, "TICKET-01")


async def test_no_offers_of_an_event_that_is_over(
    alice: Buyer, bob: Buyer, office: BoxOffice, resources: Resources, worker: JobResources
) -> None:
    event = await full(office, alice, 1)
    await waits(bob, event)
    await alice.cancel(event)
    async with resources.postgres.acquire() as connection:
        await connection.execute("UPDATE events SET starts_at = date_trunc('second', now()) - interval '1 minute'")
        await connection.execute("UPDATE inventory SET sales_end = starts_at FROM events WHERE pool = inventory.id")
    await serve_lines(worker)
    assert (await status(bob), await office.held(event)) == ("lapsed", 0)
    async with resources.postgres.acquire() as connection:
        assert await queries.events_to_serve(connection) == []


async def test_open_offers_are_looked_up_together(
    client: Client, resources: Resources, office: BoxOffice, worker: JobResources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are: in one command for some hundreds of an event, and all commands in one turn."""
    monkeypatch.setattr(recovering, "AT_ONCE", 4)
    events = [await office.event(seats=6) for _ in range(3)]
    for event in events:
        for buyer in await crowd(client, resources, 6):
            await waits(buyer, event)
    await serve_lines(worker)
    await resources.redis.command("CONFIG", "RESETSTAT")
    async with logged_queries(worker.postgres) as statements:
        await serve_lines(worker)
    commands = (await resources.redis.command("INFO", "commandstats")).decode()
    assert "cmdstat_zmscore:calls=6," in commands
    assert "cmdstat_exists:calls=18," not in commands
    assert sum("closes_at > now()" in statement for statement in statements) == 1
    async with resources.postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM waitlist_entries WHERE status = 'offered'") == 18


async def test_the_offers_of_an_event_that_is_deleted_while_they_are_written_down(
    alice: Buyer, bob: Buyer, office: BoxOffice, worker: JobResources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis tells of them until it hears of the deletion; without an end to that, this would hang."""
    event = await full(office, alice, 1)
    await waits(bob, event)
    await alice.cancel(event)

    async def deleted(*_: object) -> None:
        return None

    monkeypatch.setattr(queries, "change_line", deleted)
    async with asyncio.timeout(10):
        await serve_lines(worker)
    assert len(await worker.engine.tick(event.pool)) == 1


async def test_an_event_that_fails_keeps_no_other_waiting(
    alice: Buyer,
    bob: Buyer,
    office: BoxOffice,
    resources: Resources,
    worker: JobResources,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Here, Redis has something else where one of the pools should be."""
    broken, event = await office.event(), await office.event()
    await waits(alice, broken)
    await waits(bob, event)
    await resources.redis.command("DEL", f"pool:{{{broken.pool}}}")
    await resources.redis.command("SET", f"pool:{{{broken.pool}}}", "x")
    monkeypatch.setattr(serving, "AT_ONCE", 1)
    with pytest.raises(Exception, match="WRONGTYPE"):
        await serve_lines(worker)
    assert await status(bob) == "offered"
    assert pool_of_event(event.number) == event.pool


class TestLapsing:
    """With offers of a second and a half."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"ticket_hold_seconds": 1.5})

    async def test_an_offer_that_is_not_booked_goes_to_the_next(
        self, alice: Buyer, bob: Buyer, client: Client, resources: Resources, office: BoxOffice, worker: JobResources
    ) -> None:
        """And a reservation that lapses is offered, too: nobody calls the API."""
        event = await office.event(seats=1)
        [carol] = await crowd(client, resources, 1)
        await alice.reserved(event)
        for buyer in (bob, carol):
            await waits(buyer, event)
        await asyncio.sleep(1.52)
        await serve_lines(worker)
        assert [await status(buyer) for buyer in (bob, carol)] == ["offered", "waiting"]
        ticket_ids = await offered(bob)
        await asyncio.sleep(1.52)
        await serve_lines(worker)
        assert [await status(buyer) for buyer in (bob, carol)] == ["lapsed", "offered"]
        assert refused(await bob.book(*ticket_ids)) == (400, "TICKET-02")
        await waits(bob, event)

    async def test_an_offer_that_lapsed_before_anybody_was_told(
        self, alice: Buyer, bob: Buyer, office: BoxOffice, resources: Resources, worker: JobResources
    ) -> None:
        """It counts for nothing: there was no e-mail, and the place is kept."""
        event = await full(office, alice, 1)
        await waits(bob, event)
        await alice.cancel(event)
        assert len(await worker.engine.tick(event.pool)) == 1
        await asyncio.sleep(1.52)
        await serve_lines(worker)
        assert (await status(bob), await queued_mails(resources)) == ("offered", 1)
        assert (await bob.book(*await offered(bob))).status == 200

    async def test_the_worker_does_all_that_by_itself(
        self, alice: Buyer, bob: Buyer, office: BoxOffice, settings: Settings
    ) -> None:
        event = await full(office, alice, 1)
        await waits(bob, event)
        async with running_jobs(settings):
            await alice.cancel(event)
            await until(lambda: _has(bob, "offered"))
            await until(lambda: _has(bob, "lapsed"))
        assert len(_mails(settings)) == 1


async def _has(buyer: Buyer, wanted: str) -> bool:
    return await status(buyer) == wanted


async def _none_queued(resources: Resources) -> bool:
    return await queued_mails(resources) == 0


def _mails(settings: Settings) -> list[EmailMessage]:
    return [message_from_bytes(path.read_bytes(), policy=SMTP) for path in settings.mail_folder.glob("*.eml")]
