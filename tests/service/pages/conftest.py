"""A browser, and cinemas with numbered seats to look at in it."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from service.settings import Settings
from tests.service.conftest import Client
from tests.service.factories import Account, Factory

PARIS = ZoneInfo("Europe/Paris")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 30_000
"""Milliseconds that a condition may take to come true on a slow machine."""
PHONE, DESKTOP = (390, 844), (1280, 900)
expect.set_options(timeout=PATIENCE)


def find_chromium() -> str | None:
    named = os.environ.get("HOLDFAST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One for all tests of a process."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium found: install it (Debian: chromium), or name one in HOLDFAST_CHROMIUM")
    options = ["--no-sandbox"] if os.geteuid() == 0 else []  # as root, Chromium starts in no other way
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--disable-dev-shm-usage", *options], timeout=3 * PATIENCE
        )
        yield browser
        await browser.close()


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with a browser of their own. `faults` are errors of scripts, and what the policy refused."""

    page: Page
    context: BrowserContext
    faults: list[str]


@pytest.fixture
async def new_visitor(browser: Browser, client: Client) -> AsyncIterator[Callable[..., Awaitable[Visitor]]]:
    """Opens a browser, as wide as a desk's unless told, signed in if an account is given."""
    visitors: list[Visitor] = []

    async def new(account: Account | None = None, size: tuple[int, int] = DESKTOP, **options: Any) -> Visitor:
        context = await browser.new_context(
            base_url=str(client.make_url("/")),
            viewport={"width": size[0], "height": size[1]},
            **options,
        )
        context.set_default_timeout(PATIENCE)
        if account:
            await context.add_init_script(f"sessionStorage.setItem('holdfast.token', '{account.token}')")
        page = await context.new_page()
        visitors.append(visitor := Visitor(page, context, []))
        page.on("pageerror", lambda error: visitor.faults.append(str(error)))
        page.on("console", lambda message: _note(visitor, message.text))
        return visitor

    yield new
    for visitor in visitors:
        await visitor.context.close()
    assert [visitor.faults for visitor in visitors if visitor.faults] == []


def _note(visitor: Visitor, text: str) -> None:
    if "Content Security Policy" in text or "Trusted" in text:
        visitor.faults.append(text)


@pytest.fixture
def hold_seconds() -> int:
    return 60


@pytest.fixture
def settings(settings: Settings, hold_seconds: int) -> Settings:
    return settings.model_copy(update={"hold_seconds": hold_seconds})


@dataclass(frozen=True, slots=True)
class Hall:
    """A session at a place with numbered seats."""

    session: str
    place: str
    client: Client

    async def hold(self, account: Account, *labels: str) -> str:
        """Hold seats without a browser; the booking's id."""
        booking = (await self._post(account, f"/v1/sessions/{self.session}/book"))["booking"]["id"]
        await self._post(account, f"/v1/bookings/{booking}/reserve", {"seat_labels": labels})
        return str(booking)

    async def buy(self, account: Account, *labels: str) -> None:
        booking = await self.hold(account, *labels)
        await self._post(account, f"/v1/bookings/{booking}/confirm")

    async def _post(self, account: Account, path: str, body: object = None) -> dict[str, Any]:
        answer = await self.client.post(path, json=body, headers=account.headers)
        assert answer.status < 300, await answer.text()
        return dict(await answer.json())


SEAT_PLAN = {
    "rows": [
        {
            "label": label,
            "seats": [
                None if number == 0 else {"number": number, "kind": kind} for number in (1, 2, 3, 4, 0, 5, 6, 7, 8)
            ],
        }
        for label, kind in [("A", "standard"), ("B", "standard"), ("C", "premium"), ("D", "love")]
    ]
    + [{"label": "E", "seats": [{"number": 1, "kind": "wheelchair"}, {"number": 2, "kind": "wheelchair"}]}],
    "focal_point": {"row": "C", "number": 4},
    "supplements": {"premium": 300, "love": 500},
}


@pytest.fixture
async def hall(client: Client, admin: Account, factory: Factory) -> Hall:
    """34 seats in five rows, in the evening of tomorrow."""
    movie = await factory.movie("Les Enfants du paradis", duration=163, year=1945)
    place = await _created(
        client,
        admin,
        "place",
        {"name": "Lumière Bellecour", "address": "12 place Bellecour, Lyon", "seat_plan": SEAT_PLAN},
    )
    tomorrow = datetime.now(PARIS).date() + timedelta(days=1)
    starts_at = datetime.combine(tomorrow, time(20), PARIS)
    new = {"movie_id": f"mov_{movie}", "place_id": place, "starts_at": starts_at.isoformat(), "price": 1_200}
    return Hall(await _created(client, admin, "session", new), place, client)


async def _created(client: Client, admin: Account, kind: str, body: object) -> str:
    answer = await client.post(f"/v1/admin/{kind}s", json=body, headers=admin.headers)
    assert answer.status == 201, await answer.text()
    return str((await answer.json())[kind]["id"])
