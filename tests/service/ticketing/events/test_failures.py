"""A seat count is being lowered, and something fails: at each step what nobody else may have stays out of reach."""

from typing import Any

import pytest

from holds.engine import HoldEngine
from holds.errors import StoreUnavailable
from holds.models import Claim
from service.postgres import Postgres
from service.settings import Settings
from tests.service.api import Api
from tests.service.ticketing.conftest import refused
from tests.service.ticketing.events.calls import shown, update
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A transaction that cannot have its lock gives up soon."""
    return settings.model_copy(update={"sale_seconds": 1, "lease_seconds": 2, "claim_seconds": 4})


async def test_the_transaction_fails(boss: Api, alice: Buyer, office: BoxOffice, postgres: Postgres) -> None:
    """The seats come back at once."""
    event = await office.event(seats=10)
    async with postgres.transaction() as connection:
        await connection.execute("SELECT FROM inventory WHERE id = $1 FOR UPDATE", event.number)
        answer = await update(boss, event.id, seat_count=4)
        assert refused(answer) == (503, "DB-03")
        assert int(answer.headers["Retry-After"]) >= 1
    assert await office.held(event) == 0
    await alice.reserved(event, 10)


async def test_redis_forgets_the_seats_that_are_to_go(
    boss: Api, api: Api, alice: Buyer, office: BoxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are taken anew."""
    event = await office.event(seats=10)
    claim = HoldEngine.claim
    forgotten: list[str] = []

    async def forgetful(self: HoldEngine, owner: str, hold_ids: list[str]) -> Claim:
        if not forgotten:
            forgotten.extend(hold_ids)
            await self.release(owner, hold_ids)
        return await claim(self, owner, hold_ids)

    with monkeypatch.context() as patch:
        patch.setattr(HoldEngine, "claim", forgetful)
        assert (await update(boss, event.id, seat_count=4)).status == 201
    assert forgotten
    assert (await shown(api, event.id)).items() >= {"seat_count": 4, "available_seats_count": 4}.items()


async def test_redis_is_not_told_of_the_commit(
    boss: Api, api: Api, alice: Buyer, office: BoxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is changed all the same, and the seats that went count twice for a while: nobody gets them."""
    event = await office.event(seats=10)
    await alice.reserved(event, 3)

    async def unavailable(self: HoldEngine, *_: Any) -> None:
        raise StoreUnavailable("gone")

    with monkeypatch.context() as patch:
        patch.setattr(HoldEngine, "settle", unavailable)
        assert (await update(boss, event.id, seat_count=4)).status == 201
    assert (await shown(api, event.id)).items() >= {"seat_count": 4, "available_seats_count": 0}.items()
    await alice.reserved(event)
    assert refused(await alice.reserve(event)) == (400, "TICKET-01")
