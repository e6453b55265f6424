"""No false alarms: customers book, sell, cancel and let lapse as fast as they can, while everything is audited."""

import asyncio
import random

import pytest

from service.settings import Settings
from tests.service.audit.conftest import Look, NewCaller
from tests.service.bookings.conftest import Customer, NewSession

SECONDS, MOST_SECONDS = 4.0, 40.0
CUSTOMERS = 24
CAPACITY = 400


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Bookings that lapse within the test."""
    return settings.model_copy(update={"hold_seconds": 0.5, "max_open_bookings": 1_000})


async def grab(customer: Customer, sessions: list[str], enough: asyncio.Event) -> None:
    while not enough.is_set():
        booking = await customer.book(random.choice(sessions))  # noqa: S311
        if (await customer.reserve(booking, random.randint(1, 3))).status == 200:  # noqa: S311
            match random.randint(1, 4):  # noqa: S311
                case 1:
                    await customer.cancel(booking)
                case 2 | 3:
                    await customer.confirm(booking)


async def test_no_drift_is_found(look: Look, caller: NewCaller, new_session: NewSession) -> None:
    """With registers compared to rows of other versions, or `held` to lapsed holds, this finds drift at once."""
    sessions = [(await new_session(capacity=CAPACITY)).session for _ in range(3)]
    customers = [await caller() for _ in range(CUSTOMERS)]
    clock, enough = asyncio.get_running_loop().time, asyncio.Event()
    began_at = clock()
    grabbing = asyncio.gather(*(grab(customer, sessions, enough) for customer in customers))
    looks, behind, held = 0, 0, 0
    while not enough.is_set():
        report = await look()
        assert report.drifts == []
        looks, behind, held = looks + 1, behind + len(report.behind), max(held, report.held)
        if clock() > began_at + (SECONDS if looks > 20 and behind and held else MOST_SECONDS):
            enough.set()
        await asyncio.sleep(0.01)
    await grabbing
    assert looks > 20
    assert behind > 0, "no sale ever fell between the two reads"
    assert held > 0
