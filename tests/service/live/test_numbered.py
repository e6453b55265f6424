"""Sessions whose seats have numbers: which ones are taken is followed, too."""

from functools import partial

import aiohttp
import pytest

from service.resources import Resources
from tests.service.bookings.conftest import Customer
from tests.service.conftest import Client
from tests.service.factories import Showing
from tests.service.halls import Halls
from tests.service.live.conftest import Follow
from tests.service.live.reading import Event, reading
from tests.service.seat_plans.drawing import drawn
from tests.service.seats.conftest import bought, choose, chosen


@pytest.fixture
async def showing(resources: Resources) -> Showing:
    """Two rows of four seats."""
    return await Halls(resources).showing("....", ".w..")


def seats(event: Event) -> dict[str, str]:
    return {seat["label"]: seat["state"] for seat in event.data["seats"]}


async def test_a_customers_way_is_seen_by_others(
    follow: Follow,
    alice: Customer,
    bob: Customer,
    showing: Showing,
) -> None:
    await bought(bob, showing.session, "A1")
    async with follow() as reader:
        first = await reader.event()
        assert (first.name, first.counts) == ("snapshot", (7, 0, 1))
        assert first.data["seats"] == [{"label": "A1", "state": "sold"}]
        booking = await chosen(alice, showing.session, "B1", "B2")
        held = await reader.event()
        assert (held.name, held.counts) == ("change", (5, 2, 1))
        assert seats(held) == {"B1": "held", "B2": "held"}
        closes_at = {seat["closes_at"] for seat in held.data["seats"]}
        assert len(closes_at) == 1

        async with follow() as late:
            told = await late.event()
            assert seats(told) == {"A1": "sold", "B1": "held", "B2": "held"}
            assert {seat.get("closes_at") for seat in told.data["seats"][1:]} == closes_at
            assert told.id == held.id

        await choose(alice, booking, "B2", "B3")
        assert seats(await reader.event()) == {"B1": "free", "B3": "held"}
        await alice.confirm(booking)
        sold = await reader.event()
        assert (sold.counts, seats(sold)) == ((5, 0, 3), {"B2": "sold", "B3": "sold"})
        assert (await alice.call("POST", f"/v1/bookings/{booking}/refund")).status == 200
        free = await reader.event()
        assert (free.counts, seats(free)) == ((7, 0, 1), {"B2": "free", "B3": "free"})


async def test_seats_that_lapse_are_free(follow: Follow, resources: Resources, showing: Showing) -> None:
    async with follow() as reader:
        await reader.event()
        await resources.engine.open(showing.session, "usr_1", {"bkg_1": 0}, lifetime=1_500, owner_limit=9)
        await resources.engine.pick("usr_1", "bkg_1", ["A1", "A4"])
        assert seats(await reader.event()) == {"A1": "held", "A4": "held"}
        lapsed = await reader.event()
        assert (lapsed.counts, seats(lapsed)) == ((8, 0, 0), {"A1": "free", "A4": "free"})


async def test_another_plan(follow: Follow, resources: Resources, showing: Showing) -> None:
    """Of an unsold session that moves to another place: all is told anew, by the new plan's labels."""
    async with follow() as reader:
        await reader.event()
        await Halls(resources).seat(showing, drawn("..", "..", ".."))
        await resources.engine._leases.renewed(showing.session, 1)
        told = await reader.until((6, 0, 0))
        assert told[-1].data["capacity"] == 6
        await resources.engine.open(showing.session, "usr_1", {"bkg_1": 0}, lifetime=60_000, owner_limit=9)
        await resources.engine.pick("usr_1", "bkg_1", ["C2"])
        held = (await reader.until((5, 1, 0)))[-1]
        assert seats(held) == {"C2": "held"}


async def test_counts_of_numbered_sessions(
    client: Client,
    browsers: aiohttp.ClientSession,
    alice: Customer,
    showing: Showing,
) -> None:
    follow = partial(reading, browsers, client.make_url("/v1/live").with_query(sessions=showing.session))
    async with follow() as reader:
        assert (await reader.event()).data.keys() == {"session_id", "capacity", "sold", "held", "available"}
        await chosen(alice, showing.session, "A1")
        change = await reader.event()
        assert change.counts == (7, 1, 0)
        assert "seats" not in change.data
