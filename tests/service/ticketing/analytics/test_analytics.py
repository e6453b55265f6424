"""GET /ticketing/analytics/ and /ticketing/analytics/cancellation_rates/."""

import pytest

from service.postgres import Postgres
from service.ticketing.analytics import queries
from tests.service.api import Api
from tests.service.query_log import logged_queries
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer

SALES = "/ticketing/analytics/"
RATES = "/ticketing/analytics/cancellation_rates/"


async def test_nothing(boss: Api) -> None:
    for path in (SALES, RATES):
        answer = await boss("GET", path)
        assert (answer.status, answer.body) == (200, [])


async def test_the_fullest_first(boss: Api, alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    empty, full, third = [await office.event(seats=seats) for seats in (1_000, 2, 3)]
    await alice.booked(full, 1)
    await bob.booked(full, 1)
    await bob.booked(third)
    await alice.reserved(third)
    assert (await boss("GET", SALES)).body == [
        row(full.id, 2, 2, 1.0),
        row(third.id, 3, 1, 1 / 3),
        row(empty.id, 1_000, 0, 0.0),
    ]
    assert (await bob.cancel(full)).status == 200
    assert (await boss("GET", SALES)).body[0] == row(full.id, 2, 1, 0.5)


async def test_today_begins_at_midnight_utc(boss: Api, alice: Buyer, office: BoxOffice, postgres: Postgres) -> None:
    """Whatever time zone the database has."""
    event = await office.event(seats=10)
    ticket_ids = await alice.booked(event, 4)
    moments = ["- interval '1 microsecond'", "", "- interval '1 day'", "+ interval '1 second'"]
    async with postgres.acquire() as connection:
        for ticket_id, moment in zip(ticket_ids, moments, strict=True):
            await connection.execute(
                f"UPDATE tickets SET booked_at = date_trunc('day', now(), 'UTC') {moment} WHERE id = $1",  # noqa: S608
                ticket_id,
            )
        await connection.execute("SET timezone = 'Asia/Kolkata'")
        [told] = await queries.sales(connection)
        await connection.execute("RESET timezone")
    [answered] = (await boss("GET", SALES)).body
    for found in (told, answered):
        assert (found["sold_tickets"], found["today_booked_tickets"]) == (4, 2)


async def test_rates_are_of_all_that_were_ever_booked(boss: Api, alice: Buyer, bob: Buyer, office: BoxOffice) -> None:
    """The last ticket is sold three times, and cancelled twice."""
    never, kept, busy = [await office.event(seats=2) for _ in range(3)]
    await alice.booked(kept, 2)
    await alice.booked(busy)
    for buyer in (alice, bob):
        await buyer.booked(busy)
        assert (await buyer.cancel(busy)).status == 200
    await bob.booked(busy)
    answer = await boss("GET", RATES)
    assert answer.status == 200
    assert answer.body == [
        {"event_id": busy.id, "cancellation_rate": 0.5},
        *({"event_id": event_id, "cancellation_rate": 0.0} for event_id in sorted([never.id, kept.id])),
    ]
    assert (await alice.cancel(busy)).status == 200
    assert (await bob.cancel(busy)).status == 200
    assert (await boss("GET", RATES)).body[0] == {"event_id": busy.id, "cancellation_rate": 1.0}
    async with office.resources.postgres.acquire() as connection:
        counted = await connection.fetch(
            """
            SELECT cancelled_tickets = (
                SELECT count(*) FROM tickets WHERE event_id = events.id AND cancelled_at IS NOT NULL
            ) FROM events
            """
        )
    assert [row[0] for row in counted] == [True] * 3


@pytest.mark.parametrize("path", [SALES, RATES])
async def test_they_are_one_question_and_the_role(
    boss: Api, alice: Buyer, office: BoxOffice, postgres: Postgres, path: str
) -> None:
    for _ in range(4):
        event = await office.event()
        await alice.booked(event, 2)
        assert (await alice.cancel(event)).status == 200
        async with logged_queries(postgres) as statements:
            assert (await boss("GET", path)).status == 200
        assert len(statements) == 2


@pytest.mark.parametrize("path", [SALES, RATES])
async def test_who_may(api: Api, own: Api, path: str) -> None:
    assert refused(await api("GET", path)) == (401, "USER-06")
    assert refused(await own("GET", path)) == (401, "USER-01")


def row(event_id: str, seats: int, sold: int, utilisation: float) -> dict[str, object]:
    """An event whose tickets were all booked today."""
    return {
        "event_id": event_id,
        "total_seats": seats,
        "sold_tickets": sold,
        "capacity_utilisation": utilisation,
        "today_booked_tickets": sold,
    }
