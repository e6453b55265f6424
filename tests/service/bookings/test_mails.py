"""E-mails about bookings: for what is committed and nothing else, at least once, under one Message-ID."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from service.bookings import refunds
from service.bookings.jobs import CANCELLED, CONFIRMED, JOBS
from service.ids import Entity
from service.jobs.outbox import enqueue
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.service.bookings.conftest import Customer, NewCustomer, NewSession
from tests.service.conftest import Client
from tests.service.factories import PASSWORD
from tests.service.halls import Halls
from tests.service.jobs.conftest import Outbox
from tests.service.jobs.processes import job_process
from tests.service.jobs.running import QUICK, SHORT_LEASE, running_jobs
from tests.service.mail.conftest import MailServer
from tests.service.seat_plans.drawing import drawn
from tests.service.seats.conftest import bought
from tests.service.waiting import until


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    server = MailServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={**QUICK, "mail_folder": tmp_path})


@pytest.fixture
def by_smtp(settings: Settings, mail_server: MailServer) -> Settings:
    return settings.model_copy(update={"smtp_url": f"smtp://localhost:{mail_server.port}"})


@pytest.fixture
def outbox(postgres: Postgres) -> Outbox:
    return Outbox(postgres)


async def run_jobs(settings: Settings, outbox: Outbox) -> list[EmailMessage]:
    """Run what there is; the e-mails in the folder."""
    async with running_jobs(settings, JOBS, []):
        await until(outbox.is_empty)
    files = sorted(settings.mail_folder.iterdir()) if settings.mail_folder.exists() else []
    return [message_from_bytes(file.read_bytes(), policy=default) for file in files]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body
    text: str = body.get_content()
    return text


async def test_a_confirmed_booking_is_told_in_the_time_of_its_place(
    alice: Customer, new_session: NewSession, settings: Settings, outbox: Outbox
) -> None:
    showing = await new_session(starts_at=datetime(2099, 7, 3, 18, 0, tzinfo=UTC))
    booking = await alice.reserved(showing.session, 2)
    await alice.confirm(booking)
    [message] = await run_jobs(settings, outbox)
    assert (message["To"], message["Subject"]) == (alice.account.email, "Your tickets for Amélie")
    assert message["Message-ID"] == f"<booking-confirmed.{booking}@holdfast.example>"
    text = text_of(message)
    for told in ("Friday 3 July 2099, 20:00", "Lumière, 1 rue Première", "24.00 EUR", booking):
        assert told in text


async def test_what_is_not_sold_is_not_told(
    alice: Customer, bob: Customer, new_session: NewSession, settings: Settings, outbox: Outbox
) -> None:
    showing = await new_session(capacity=3)
    await alice.cancel(await alice.reserved(showing.session, 1))
    taken = await alice.reserved(showing.session, 3)
    assert (await bob.confirm(await bob.book(showing.session))).code == "no_seats_reserved"
    assert await outbox.is_empty()
    await alice.confirm(taken)
    await alice.confirm(taken)
    assert len(await outbox.jobs()) == 1
    assert len(await run_jobs(settings, outbox)) == 1


async def test_a_refund_is_told_and_a_confirmation_that_was_not_is_left_out(
    alice: Customer, new_session: NewSession, settings: Settings, outbox: Outbox
) -> None:
    showing = await new_session(starts_at=datetime(2099, 7, 3, 18, 0, tzinfo=UTC))
    booking = await alice.reserved(showing.session, 1)
    await alice.confirm(booking)
    assert (await alice.call("POST", f"/v1/bookings/{booking}/refund")).status == 200
    [message] = await run_jobs(settings, outbox)
    assert refunds.MAIL == CANCELLED
    assert message["Message-ID"] == f"<booking-cancelled.{booking}@holdfast.example>"
    assert "Refund:   12.00 EUR" in text_of(message)


async def test_numbered_seats_are_named_with_what_they_cost(
    alice: Customer, resources: Resources, settings: Settings, outbox: Outbox
) -> None:
    plan = drawn("....", "..pp", supplements={"premium": 300})
    showing = await Halls(resources).showing(plan=plan, price=1_000)
    kept, given_back = [await bought(alice, showing.session, *labels) for labels in (("A4", "B1"), ("B4", "B3"))]
    assert (await alice.call("POST", f"/v1/bookings/{given_back}/refund")).status == 200
    cancelled, confirmed = await run_jobs(settings, outbox)
    assert kept in str(confirmed["Message-ID"])
    assert "Seats:    A4, B1\r\nPrice:    20.00 EUR\r\n" in text_of(confirmed)
    assert "Seats:    B3, B4\r\nRefund:   26.00 EUR\r\n" in text_of(cancelled)


async def test_nobody_writes_to_an_erased_account(
    alice: Customer, new_session: NewSession, settings: Settings, outbox: Outbox
) -> None:
    await alice.confirm(await alice.reserved((await new_session()).session, 1))
    assert (await alice.call("DELETE", "/v1/me", json={"password": PASSWORD})).status == 204
    assert await run_jobs(settings, outbox) == []


async def test_jobs_run_twice_and_about_nothing_are_harmless(
    alice: Customer, new_session: NewSession, settings: Settings, outbox: Outbox
) -> None:
    booking = await alice.reserved((await new_session()).session, 1)
    await alice.confirm(booking)
    async with outbox.postgres.acquire() as connection:
        for one in (booking, booking, Entity.BOOKING.public(1), "no id"):
            await enqueue(connection, CONFIRMED, {"bookings": [one]})
            await enqueue(connection, CANCELLED, {"booking": one})
    assert len(await run_jobs(settings, outbox)) == 1


async def test_a_mail_server_in_every_mood_loses_nothing_and_delays_nobody(
    client: Client,
    new_customer: NewCustomer,
    new_session: NewSession,
    by_smtp: Settings,
    mail_server: MailServer,
    outbox: Outbox,
) -> None:
    """While it is down, refuses for now, hangs up or hangs, bookings are confirmed as ever, by a crowd at once."""
    showing = await new_session(capacity=40)
    customers = [Customer(client, await new_customer()) for _ in range(8)]
    sold: list[str] = []

    async def sell_to_all() -> None:
        bookings = await asyncio.gather(*(customer.reserved(showing.session, 1) for customer in customers))
        async with asyncio.timeout(30):
            answers = await asyncio.gather(
                *(customer.confirm(booking) for customer, booking in zip(customers, bookings, strict=True))
            )
        assert {answer.status for answer in answers} == {200}
        sold.extend(bookings)

    async def has_been_tried() -> bool:
        return any(job["attempts"] > 0 for job in await outbox.jobs())

    async with running_jobs(by_smtp, JOBS, []):
        await mail_server.stop()
        for mood in (None, "451", "drop-after", "hang"):
            mail_server.mood = mood
            await sell_to_all()
            await until(has_been_tried)
            if mood is None:
                await mail_server.start()
        mail_server.mood = None
        await until(outbox.is_empty)
    ids = {str(message["Message-ID"]) for message in mail_server.messages}
    assert ids == {f"<booking-confirmed.{booking}@holdfast.example>" for booking in sold}


async def test_a_refusal_for_good_is_kept_and_can_be_retried(
    alice: Customer, new_session: NewSession, by_smtp: Settings, mail_server: MailServer, outbox: Outbox
) -> None:
    mail_server.mood = "refuse-recipient"
    await alice.confirm(await alice.reserved((await new_session()).session, 1))
    async with running_jobs(by_smtp, JOBS, []):
        await until(outbox.has_failed)
        assert [job["attempts"] for job in await outbox.jobs()] == [0]
        mail_server.mood = None
        async with outbox.postgres.acquire() as connection:
            await connection.execute("UPDATE pgqueuer SET status = 'queued', execute_after = now()")
        await until(outbox.is_empty)
    assert len(mail_server.messages) == 1


async def test_a_killed_worker_loses_nothing(
    alice: Customer, new_session: NewSession, by_smtp: Settings, mail_server: MailServer, outbox: Outbox
) -> None:
    """It dies while it hands an e-mail over. With jobs deleted when they are taken, this one never arrives."""
    patient = by_smtp.model_copy(update={**SHORT_LEASE, "smtp_seconds": 30})

    async def is_running() -> bool:
        return any(job["status"] == "picked" for job in await outbox.jobs())

    mail_server.mood = "hang"
    await alice.confirm(await alice.reserved((await new_session()).session, 1))
    async with job_process(patient):
        await until(is_running)
    assert await is_running()
    mail_server.mood = None
    async with job_process(patient):
        await until(outbox.is_empty)
    assert len(mail_server.messages) == 1
