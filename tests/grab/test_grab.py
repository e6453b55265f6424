"""The crowd from end to end, in small, against a real worker."""

import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from grab import verdict
from grab.api import Api
from grab.database import Database
from grab.recording import Recording
from grab.sessions import show
from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.grab.conftest import Grab
from tests.service.factories import Factory, Showing
from tests.service.worker import Worker

NewSession = Callable[..., Awaitable[Showing]]
QUICKLY = ("--customers", "40", "--think", "0.05")


async def sold(postgres: Postgres, session: int) -> int:
    async with postgres.acquire() as connection:
        seats: int = await connection.fetchval("SELECT sold FROM inventory WHERE id = $1", session)
    return seats


async def oversell(factory: Factory, postgres: Postgres, showing: Showing, seats: int) -> None:
    """A confirmed booking that the inventory knows nothing of."""
    account = await factory.user()
    async with postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at,
                                  reserved_at, confirmed_at)
            VALUES (1, $1, $2, $3, 'confirmed', 1200, 'EUR', now(), now(), now(), now())
            """,
            showing.session_id,
            account.user_id,
            seats,
        )


async def test_everything_is_sold_and_nothing_twice(
    grab: Grab, new_session: NewSession, postgres: Postgres, tmp_path: Path
) -> None:
    showing = await new_session(capacity=30)
    status, output = await grab("--session", showing.session, "--seats", "1", "--abandon", "0", *QUICKLY)
    assert status == 0, output
    assert "30 seats sold to 30 customers, 10 refused, oversold: 0" in output
    assert re.search(r"^confirm +30 ", output, re.MULTILINE)
    assert await sold(postgres, showing.session_id) == 30

    page = (tmp_path / "grab.html").read_text()
    assert page.count("<svg ") == 2
    assert "oversold: 0" in page
    assert not re.search(r"https?://|<script|<link|@import|url\(", page)


async def test_some_walk_away_with_seats_held(grab: Grab, new_session: NewSession, postgres: Postgres) -> None:
    showing = await new_session(capacity=1_000)
    status, output = await grab("--session", showing.session, "--seats", "2-3", "--abandon", "0.5", *QUICKLY)
    assert status == 0, output
    match = re.search(r"(\d+) seats sold to (\d+) customers, 0 refused, (\d+) abandoned", output)
    assert match
    seats, customers, abandoned = map(int, match.groups())
    assert customers + abandoned == 40
    assert 2 * customers <= seats <= 3 * customers
    assert await sold(postgres, showing.session_id) == seats


async def test_the_fullest_coming_sessions_are_chosen(grab: Grab, new_session: NewSession, postgres: Postgres) -> None:
    empty, fuller, full = [await new_session(capacity=50) for _ in range(3)]
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE inventory SET capacity = 10 WHERE id = $1", full.session_id)
    for showing, seats in ((fuller, "20"), (full, "10")):
        await grab("--session", showing.session, "--customers", seats, "--seats", "1", "--abandon", "0")
    status, output = await grab("--customers", "2")
    assert re.findall(r"\((ses_\d+)\): ", output) == [fuller.session]
    assert status == 0
    _, output = await grab("--customers", "2", "--sessions", "5")
    assert re.findall(r"\((ses_\d+)\): ", output) == [fuller.session, empty.session]


async def test_without_the_database_accounts_are_signed_up(grab: Grab, new_session: NewSession) -> None:
    showing = await new_session(capacity=30)
    status, output = await grab("--signups", "3", "--seats", "1", "--abandon", "0", *QUICKLY, database=False)
    assert status == 0, output
    assert "signing 3 accounts up" in output
    assert f"({showing.session}): 30 of 30 seats free" in output
    assert "30 seats sold to 30 customers, 10 refused, oversold: 0" in output


async def test_another_services_database_is_not_used(
    grab: Grab, new_session: NewSession, monkeypatch: pytest.MonkeyPatch, settings: Settings, postgres: Postgres
) -> None:
    await new_session(capacity=30)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("JWT_SECRETS", "a secret of some other service's database")
    status, output = await grab("--signups", "2", *QUICKLY, database=False)
    assert status == 0, output
    assert "signing 2 accounts up" in output
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM users") == 2


async def test_an_oversold_session_is_the_exit_status(
    grab: Grab, new_session: NewSession, factory: Factory, postgres: Postgres
) -> None:
    showing = await new_session(capacity=30)
    await oversell(factory, postgres, showing, 7)
    status, output = await grab("--session", showing.session, "--seats", "1", "--abandon", "0", *QUICKLY)
    assert status == 1, output
    assert "oversold: 7" in output
    assert "SESSIONS WHOSE INVENTORY IS NOT WHAT THEIR BOOKINGS SAY: 1" in output


async def test_a_sale_that_was_answered_and_is_not_there_is_found(
    worker: Worker, new_session: NewSession, resources: Resources, settings: Settings
) -> None:
    showing, recording = await new_session(capacity=30), Recording(1)
    recording.confirmed[Entity.BOOKING.public(5)] = (showing.session, 2)
    async with aiohttp.ClientSession() as session:
        api = Api(session, worker.url, recording)
        shown = [await show(api, showing.session)]
        reached = await verdict.reach(api, Database(resources.postgres, settings.jwt_secrets), shown, recording)
    assert (reached.lost, reached.oversold, reached.sound) == (1, 0, False)


async def test_it_stops_after_so_many_requests(grab: Grab, new_session: NewSession) -> None:
    showing = await new_session(capacity=30)
    status, output = await grab("--session", showing.session, "--requests", "25", *QUICKLY)
    assert status == 0
    assert re.search(r"^book +25 ", output, re.MULTILINE)
    assert "40 cut short" in output


async def test_it_stops_after_so_many_seconds(grab: Grab, new_session: NewSession) -> None:
    showing = await new_session(capacity=30)
    started = time.monotonic()
    status, output = await grab("--session", showing.session, "--seconds", "1", "--think", "60", "--customers", "10")
    assert time.monotonic() - started < 15
    assert status == 0
    assert "cut short" in output


async def test_no_service_or_no_session(grab: Grab, worker: Worker) -> None:
    assert await grab("--session", "ses_1") == (
        1,
        f"grab: {worker.url}/v1/sessions/ses_1 answered 404 session_not_found.\n",
    )
    status, output = await grab()
    assert (status, output) == (1, "grab: No coming session has seats left: name one with --session.\n")
    status, output = await grab("--url", "http://127.0.0.1:1")
    assert status == 1
    assert output.startswith("grab: Nothing answers at http://127.0.0.1:1 ")
