"""`GET /v1/sessions/{session_id}/live`."""

import asyncio

import pytest

from holds.engine import HoldEngine
from service.resources import Resources
from tests.service.api import Api, anonymous, as_user
from tests.service.conftest import Client
from tests.service.factories import Account, Factory, Showing
from tests.service.live.conftest import Follow


async def booked(api: Api, showing: Showing) -> str:
    answer = await api("POST", f"/v1/sessions/{showing.session}/book")
    assert answer.status == 201, answer.body
    return str(answer.body["booking"]["id"])


async def test_a_customers_way_is_seen_by_others(
    follow: Follow, client: Client, customer: Account, showing: Showing
) -> None:
    api = as_user(client, customer)
    async with follow() as reader:
        first = await reader.event()
        assert first.name == "snapshot"
        assert first.data == {
            "session_id": showing.session,
            "capacity": 10,
            "sold": 0,
            "held": 0,
            "available": 10,
            "seats": [],
        }
        booking = await booked(api, showing)
        await api("POST", f"/v1/bookings/{booking}/reserve", {"seats": 3})
        await api("POST", f"/v1/bookings/{booking}/reserve", {"seats": 2})
        await api("POST", f"/v1/bookings/{booking}/confirm")
        changes = [await reader.event() for _ in range(3)]
        assert [change.counts for change in changes] == [(7, 3, 0), (8, 2, 0), (8, 0, 2)]
        assert {change.name for change in changes} == {"change"}
        assert changes[0].data.keys() == first.data.keys()
        await api("POST", f"/v1/bookings/{booking}/refund")
        assert (await reader.event()).counts == (10, 0, 0)


async def test_lapses_are_seen_though_nobody_calls(follow: Follow, resources: Resources, showing: Showing) -> None:
    async with follow() as reader:
        await reader.event()
        await resources.engine.open(showing.session, "usr_1", {"bkg_1": 4}, lifetime=300, owner_limit=9)
        assert [(await reader.event()).counts for _ in range(2)] == [(6, 4, 0), (10, 0, 0)]


async def test_who_comes_later_is_told_the_present(follow: Follow, resources: Resources, showing: Showing) -> None:
    async with follow() as early:
        await early.event()
        await held(resources.engine, showing, 1, 2)
        changes = [await early.event(), await early.event()]
        async with follow() as late:
            told = await late.event()
            assert (told.name, told.counts) == ("snapshot", (7, 3, 0))
            assert told.id == changes[-1].id
            await held(resources.engine, showing, 3)
            assert await late.event() == await early.event()


async def held(engine: HoldEngine, showing: Showing, *seats: int) -> None:
    """A new hold for each number of seats."""
    for count in seats:
        hold_id = f"bkg_{showing.session_id}{asyncio.get_running_loop().time()}"
        await engine.open(showing.session, "usr_1", {hold_id: count}, lifetime=60_000, owner_limit=100)


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_coming_back_misses_nothing(
    follow: Follow, follow_elsewhere: Follow, resources: Resources, showing: Showing, *, elsewhere: bool
) -> None:
    """To the same worker, or to one that has not followed the session."""
    async with follow() as reader:
        await reader.event()
        await held(resources.engine, showing, 1)
        last = await reader.event()
    await held(resources.engine, showing, 1, 1)
    async with (follow_elsewhere if elsewhere else follow)(after=last.id) as reader:
        await held(resources.engine, showing, 1)
        told = [await reader.event() for _ in range(3)]
        assert [(event.name, event.counts) for event in told] == [("change", (10 - n, n, 0)) for n in (2, 3, 4)]
    async with follow(after=told[-1].id) as reader:
        await held(resources.engine, showing, 1)
        assert (await reader.event()).counts == (5, 5, 0)


async def test_an_id_that_is_not_known(follow: Follow, resources: Resources, showing: Showing) -> None:
    async with follow() as reader:
        await reader.event()
        for unknown in ("1-1", "9999999999999-0", "", "x" * 1_000, "0", "-"):
            async with follow(after=unknown) as other:
                assert (await other.event()).name == "snapshot"


async def test_an_id_that_is_too_old(follow: Follow, resources: Resources, showing: Showing) -> None:
    async with follow() as reader:
        first = await reader.event()
        await resources.engine.open(showing.session, "usr_1", {"bkg_1": 0}, lifetime=60_000, owner_limit=9)
        for _ in range(3):
            await asyncio.gather(*(resources.engine.resize("usr_1", {"bkg_1": count % 10}) for count in range(500)))
            await resources.engine.resize("usr_1", {"bkg_1": 10})
            await reader.until((0, 10, 0))
        async with follow(after=first.id) as other:
            assert (await other.event()).name == "snapshot"


async def test_a_cancelled_session_closes_its_stream(
    follow: Follow, client: Client, admin: Account, showing: Showing
) -> None:
    async with follow() as reader:
        await reader.event()
        answer = await as_user(client, admin)("POST", f"/v1/admin/sessions/{showing.session}/cancel")
        assert answer.status in (200, 204), answer.body
        assert (await reader.event()).data["capacity"] == 0
        closed = await reader.event()
        assert (closed.name, closed.data) == ("closed", {"session_id": showing.session})
        assert closed.id
        assert await reader.is_over()
    again = await anonymous(client)("GET", f"/v1/sessions/{showing.session}/live")
    assert again.error == (409, "session_cancelled")


async def test_a_deleted_session_closes_its_stream(
    follow: Follow, client: Client, admin: Account, showing: Showing
) -> None:
    async with follow() as reader:
        await reader.event()
        assert (await as_user(client, admin)("DELETE", f"/v1/admin/sessions/{showing.session}")).status == 204
        while (event := await reader.event()).name != "closed":
            assert event.data["capacity"] == 0
        assert await reader.is_over()
    again = await anonymous(client)("GET", f"/v1/sessions/{showing.session}/live")
    assert again.error == (404, "session_not_found")


async def test_sessions_that_are_not_there(client: Client, factory: Factory) -> None:
    api = anonymous(client)
    for unknown in ("ses_1", "mov_1", "nonsense"):
        assert (await api("GET", f"/v1/sessions/{unknown}/live")).error == (404, "session_not_found")
    cancelled = await factory.session(cancelled=True)
    assert (await api("GET", f"/v1/sessions/{cancelled.session}/live")).error == (409, "session_cancelled")
    answer = await api("GET", f"/v1/sessions/{cancelled.session}/live?from=1")
    assert answer.faults == {("unknown_parameter", "from")}


async def test_heads(client: Client, follow: Follow, showing: Showing) -> None:
    async with follow(**{"X-Request-Id": "mine"}) as reader:
        assert reader.headers["Cache-Control"] == "no-store"
        assert reader.headers["X-Accel-Buffering"] == "no"
        assert reader.headers["X-Request-Id"] == "mine"
        assert reader.headers["Transfer-Encoding"] == "chunked"
    async with client.head(f"/v1/sessions/{showing.session}/live") as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/event-stream")
        assert await response.read() == b""
