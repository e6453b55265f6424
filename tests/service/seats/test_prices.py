"""What seats cost is shown without Postgres, too, and always for all of them."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from service.postgres import UNREACHABLE, Postgres
from service.resources import Resources
from service.seats import prices
from service.seats.prices import Prices
from service.settings import Settings
from tests.service.bookings.conftest import Customer
from tests.service.halls import Halls
from tests.service.seat_plans.drawing import drawn
from tests.service.seats.conftest import choose, chosen, labels_of


async def test_a_price_is_known_while_postgres_is_away(
    settings: Settings, halls: Halls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long that is; who was never asked for is not. Made to fail by `raise` whatever is known."""
    first, second = await halls.showing("..", price=900), await halls.showing("..")
    known = Prices()
    monkeypatch.setattr(prices, "FRESH_SECONDS", -1.0)
    async with Postgres.open(settings.database_url) as away:
        assert await known.of(away, first.session_id) == 900
    for _ in range(3):
        assert await known.of(away, first.session_id) == 900
    with pytest.raises(UNREACHABLE):
        await known.of(away, second.session_id)


async def test_a_price_is_read_again_after_some_seconds(
    postgres: Postgres, halls: Halls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prices, "FRESH_SECONDS", 0.2)
    showing, known = await halls.showing("..", price=900), Prices()
    assert await known.of(postgres, showing.session_id) == 900
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE sessions SET price = 1500")
    await asyncio.sleep(0.25)
    assert await known.of(postgres, showing.session_id) == 1_500


async def test_so_many_are_remembered(postgres: Postgres, halls: Halls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "REMEMBERED", 1)
    first, second = await halls.showing("..", price=900), await halls.showing("..", price=800)
    known = Prices()
    assert [await known.of(postgres, showing.session_id) for showing in (first, second)] == [900, 800]
    assert list(known._known) == [second.session_id]


async def test_seats_are_reserved_without_postgres(alice: Customer, halls: Halls, resources: Resources) -> None:
    """Every connection is in use. Failed with 503, though the booking had its seats."""
    showing = await halls.showing("....", price=900)
    booking = await chosen(alice, showing.session, "A1")
    async with AsyncExitStack() as stack:
        for _ in range(resources.postgres._pool.get_max_size()):
            await stack.enter_async_context(resources.postgres.acquire())
        answer = await choose(alice, booking, "A2", "A3")
    assert (answer.status, labels_of(answer.booking), answer.booking["total"]) == (200, ["A2", "A3"], 1_800)


async def test_a_total_is_never_of_some_seats_only(alice: Customer, halls: Halls) -> None:
    """The session was moved meanwhile, to a place that has not all of the labels: the booking is still worth it all."""
    showing = await halls.showing(plan=drawn("...p", supplements={"premium": 300}), price=1_000)
    booking = await chosen(alice, showing.session, "A3", "A4")
    await halls.seat(showing, drawn("..."))
    for path in (f"/v1/bookings/{booking}", "/v1/bookings"):
        body = (await alice.call("GET", path)).body
        shown = body["bookings"][0] if "bookings" in body else body["booking"]
        assert (labels_of(shown), shown["total"]) == (["A3", "A4"], 2_300)
