"""`GET /v1/live`: the counts of several sessions over one connection."""

import asyncio
from collections.abc import Sequence

import aiohttp
import pytest

from service.ids import Entity
from service.live.schemas import MAX_SESSIONS
from service.resources import Resources
from tests.service.api import anonymous, as_user
from tests.service.conftest import Client
from tests.service.factories import Account, Factory, Showing
from tests.service.live.reading import reading


@pytest.fixture
async def showings(factory: Factory) -> Sequence[Showing]:
    return [await factory.session(capacity=capacity) for capacity in (10, 20, 30)]


def address(client: Client, *sessions: str) -> str:
    return str(client.make_url("/v1/live").with_query(sessions=",".join(sessions)))


async def test_counts_of_each(
    client: Client, browsers: aiohttp.ClientSession, showings: Sequence[Showing], resources: Resources
) -> None:
    sessions = [showing.session for showing in showings]
    async with reading(browsers, address(client, *sessions, sessions[0])) as reader:
        first = [await reader.event() for _ in sessions]
        assert {event.name for event in first} == {"snapshot"}
        assert [event.data["session_id"] for event in first] == sessions
        assert [event.counts for event in first] == [(10, 0, 0), (20, 0, 0), (30, 0, 0)]
        await resources.engine.open(sessions[1], "usr_1", {"bkg_1": 4}, lifetime=60_000, owner_limit=9)
        change = await reader.event()
        assert change.name == "change"
        assert change.id is None
        assert change.data == {"session_id": sessions[1], "capacity": 20, "sold": 0, "held": 4, "available": 16}


async def test_of_many_changes_at_once_the_last_is_told(
    client: Client, browsers: aiohttp.ClientSession, showing: Showing, resources: Resources
) -> None:
    engine = resources.engine
    async with reading(browsers, address(client, showing.session)) as reader:
        await reader.event()
        await engine.open(showing.session, "usr_1", {"bkg_1": 0}, lifetime=60_000, owner_limit=9)
        await asyncio.gather(*(engine.resize("usr_1", {"bkg_1": count % 8}) for count in range(1, 72)))
        assert len(await reader.until((3, 7, 0))) < 30


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_sessions_close_one_by_one(
    client: Client,
    browsers: aiohttp.ClientSession,
    showings: Sequence[Showing],
    admin: Account,
    factory: Factory,
    place: int,
) -> None:
    """Failed with channels counted as they are joined: the stream ended with one that was cancelled and came first."""
    api = as_user(client, admin)
    gone = await factory.session(capacity=0, cancelled=True)
    sessions = [showing.session for showing in showings[:2]]
    asked = [*sessions[:place], gone.session, *sessions[place:]]
    async with reading(browsers, address(client, *asked)) as reader:
        events = [await reader.event() for _ in range(4)]
        assert [event.data["session_id"] for event in events if event.name == "closed"] == [gone.session]
        for session in sessions:
            await api("POST", f"/v1/admin/sessions/{session}/cancel")
            assert [(await reader.event()).name for _ in range(2)] == ["change", "closed"]
        assert await reader.is_over()


async def test_faults(client: Client, showing: Showing) -> None:
    api = anonymous(client)
    for query, field in {
        "": "sessions",
        "?sessions=": "sessions.0",
        "?sessions=nonsense": "sessions.0",
        f"?sessions={showing.session},mov_1": "sessions.1",
        f"?sessions={showing.session},": "sessions.1",
        f"?sessions={','.join([showing.session] * (MAX_SESSIONS + 1))}": "sessions",
        f"?sessions={showing.session}&sessions={showing.session}": "sessions",
    }.items():
        answer = await api("GET", f"/v1/live{query}")
        assert answer.status == 422, query
        assert answer.body["errors"][0]["field"] == field, query
        assert {error["field"].partition(".")[0] for error in answer.body["errors"]} == {"sessions"}, query
    unknown = Entity.SESSION.public(1)
    answer = await api("GET", f"/v1/live?sessions={showing.session},{unknown}")
    assert answer.error == (404, "session_not_found")


async def test_as_many_as_are_allowed(client: Client, browsers: aiohttp.ClientSession, showing: Showing) -> None:
    async with reading(browsers, address(client, *[showing.session] * MAX_SESSIONS)) as reader:
        assert (await reader.event()).counts == (10, 0, 0)
    async with client.head("/v1/live", params={"sessions": showing.session}) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/event-stream")
