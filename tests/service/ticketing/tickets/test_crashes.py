"""A booking of three events whose process is killed before each of its requests to Redis and Postgres."""

import asyncio

import pytest

from service.resources import Resources
from service.settings import Settings
from tests.service.conftest import Client
from tests.service.ticketing.tickets import dying
from tests.service.ticketing.tickets.conftest import BoxOffice, crowd
from tests.service.ticketing.tickets.dying import Death

REQUESTS = 30
"""More than a booking has."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Sales of three seconds at most, after which their claims are taken over."""
    return settings.model_copy(update={"sale_seconds": 3, "lease_seconds": 1, "claim_seconds": 10, "audit_seconds": 0})


async def test_all_or_none(client: Client, resources: Resources, settings: Settings, office: BoxOffice) -> None:
    """None is left half sold, and once the dead sale can no longer commit, the same call books what is not booked."""
    buyers = await crowd(client, resources, REQUESTS)
    events = [[await office.event(seats=1) for _ in range(3)] for _ in buyers]
    wanted = [
        [ticket_id for event in three for ticket_id in await buyer.reserved(event)]
        for buyer, three in zip(buyers, events, strict=True)
    ]
    deaths = [
        Death(number, buyer.account.user_id, ticket_ids)
        for number, (buyer, ticket_ids) in enumerate(zip(buyers, wanted, strict=True))
    ]

    killed = await dying.run(settings, deaths)

    assert not killed[-1]
    sold = [[await office.sold(event) for event in three] for three in events]
    none, everything = [(0, 0)] * 3, [(1, 1)] * 3
    assert all(of_call in (none, everything) for of_call in sold)
    assert [everything] * killed.count(False) == sold[killed.count(True) :]
    assert none in sold
    assert any(was_killed and of_call == everything for was_killed, of_call in zip(killed, sold, strict=True))

    await asyncio.sleep(settings.sale_seconds)
    answers = await asyncio.gather(*(buyer.book(*ids) for buyer, ids in zip(buyers, wanted, strict=True)))
    assert {answer.status for answer in answers} == {200}
    assert [[await office.sold(event) for event in three] for three in events] == [everything] * REQUESTS
