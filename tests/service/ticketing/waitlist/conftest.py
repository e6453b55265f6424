"""Events, users who wait for their tickets, and the worker that serves them, one round at a time."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from service.jobs.resources import JobResources
from service.settings import Settings
from service.worker import opened
from tests.service.api import Answer
from tests.service.jobs.running import QUICK, SHORT_LEASE
from tests.service.ticketing.tickets.conftest import (  # noqa: F401  # fixtures
    Buyer,
    Event,
    alice,
    bob,
    office,
)


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={**QUICK, **SHORT_LEASE, "mail_folder": tmp_path, "audit_seconds": 0})


@pytest.fixture
async def worker(settings: Settings) -> AsyncIterator[JobResources]:
    """What the jobs of a worker share, which runs none by itself."""
    async with opened(settings) as resources:
        yield resources


async def add(buyer: Buyer, event: Event, count: Any = 1) -> Answer:
    return await buyer.api("POST", "/ticketing/waitlist/add/", {"event_id": event.id, "count": count})


async def remove(buyer: Buyer, event: Event) -> Answer:
    return await buyer.api("POST", "/ticketing/waitlist/remove/", {"event_id": event.id})


async def waits(buyer: Buyer, event: Event, count: int = 1) -> None:
    """Join the line."""
    assert (await add(buyer, event, count)).status == 200


async def entries(buyer: Buyer) -> list[dict[str, Any]]:
    """What the user waits for, or did."""
    answer = await buyer.api("GET", "/ticketing/waitlist/")
    assert answer.status == 200
    found: list[dict[str, Any]] = answer.body
    return found


async def status(buyer: Buyer) -> str:
    """That of the user's newest entry."""
    found: str = (await entries(buyer))[0]["status"]
    return found


async def offered(buyer: Buyer) -> list[str]:
    """The tickets that the user is offered."""
    found: list[str] = (await entries(buyer))[0]["ticket_ids"]
    return found
