"""Many who follow one session."""

import asyncio
import random
import resource
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from itertools import pairwise

import pytest
import redis.asyncio

from holds.engine import HoldEngine
from holds.errors import HoldError
from service.live import hub, metrics, subscriber
from service.live.subscriber import Subscriber
from service.resources import RESOURCES, Resources
from service.settings import Settings
from tests.processes import eventually
from tests.service.api import anonymous
from tests.service.conftest import Client
from tests.service.factories import Showing
from tests.service.live.conftest import Follow, Worker
from tests.service.live.reading import Event, Reader

CROWD = 500


@pytest.fixture(autouse=True)
def enough_connections() -> Iterator[None]:
    """This process has both ends of each."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1], limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


async def act(engine: HoldEngine, session: str, owner: str) -> None:
    """One customer, who changes their mind and whose holds lapse."""
    choices = random.Random(owner)  # noqa: S311  # no secret
    for number in range(15):
        hold_id = f"bkg_{owner}_{number}"
        with suppress(HoldError):
            await engine.open(session, owner, {hold_id: 1}, lifetime=choices.randint(10, 80), owner_limit=99)
            await engine.resize(owner, {hold_id: choices.randint(0, 3)})
            await asyncio.sleep(choices.random() / 50)
            if choices.random() < 0.5:
                await engine.release(owner, [hold_id])


async def read_to_the_end(reader: Reader) -> list[Event]:
    """The events before the one that says that nothing follows."""
    events = [await reader.event()]
    while events[-1].name != "closed":
        events.append(await reader.event())
    return events[:-1]


async def test_everybody_is_told_each_change_once_and_in_order(
    follow: Follow, resources: Resources, showing: Showing
) -> None:
    """Some come while it goes on: what they add up to is the same."""
    engine = resources.engine
    async with AsyncExitStack() as stack:

        async def join() -> list[Event]:
            return await read_to_the_end(await stack.enter_async_context(follow()))

        early = [asyncio.create_task(join()) for _ in range(CROWD // 2)]
        await eventually(lambda: metrics.SUBSCRIBERS._value.get() == CROWD // 2)
        acting = [asyncio.create_task(act(engine, showing.session, f"usr_{n}")) for n in range(4)]
        late = [asyncio.create_task(join()) for _ in range(CROWD // 2)]
        await asyncio.gather(*acting)
        while (known := await engine.availability(showing.session)) and known.held:  # noqa: ASYNC110  # nothing tells us
            await asyncio.sleep(0.02)
        await eventually(lambda: metrics.SUBSCRIBERS._value.get() == CROWD)
        await engine.drop(showing.session, 99)
        told = await asyncio.gather(*early, *late)

    whole = told[0]
    assert len(whole) > 20
    assert [event.name for event in whole] == ["snapshot"] + ["change"] * (len(whole) - 1)
    assert [event.counts for event in whole[-2:]] == [(10, 0, 0), (0, 0, 0)]
    assert all(before.moment < after.moment for before, after in pairwise(whole))
    ids = [event.id for event in whole]
    for first, *changes in told[1:]:
        begins = ids.index(first.id)
        assert (first.name, first.counts) == ("snapshot", whole[begins].counts)
        assert changes == whole[begins + 1 :]


async def read_restlessly(workers: Sequence[Follow], name: str) -> list[Event]:
    """The events to the end, by one who leaves and comes back all the time, to the one worker or the other."""
    choices = random.Random(name)  # noqa: S311  # no secret
    events: list[Event] = []
    while True:
        async with choices.choice(workers)(after=events[-1].id if events else None) as reader:
            for _ in range(choices.randint(1, 4)):
                events.append(await reader.event())
                if events[-1].data["capacity"] == 0:
                    return events
        await asyncio.sleep(choices.random() / 20)


async def test_who_leaves_and_comes_back_misses_nothing(
    follow: Follow, follow_elsewhere: Follow, resources: Resources, showing: Showing
) -> None:
    """Made to fail by a `since` that leaves out the last change."""
    engine = resources.engine
    async with follow() as steady:
        everything = asyncio.create_task(read_to_the_end(steady))
        restless = [asyncio.create_task(read_restlessly([follow, follow_elsewhere], str(n))) for n in range(8)]
        await asyncio.gather(*(act(engine, showing.session, f"usr_{n}") for n in range(4)))
        await asyncio.sleep(0.3)
        await engine.drop(showing.session, 99)
        whole = await everything
        for events in await asyncio.gather(*restless):
            begins = [event.id for event in whole].index(events[0].id)
            assert [event.name for event in events] == ["snapshot"] + ["change"] * (len(events) - 1)
            assert events[1:] == whole[begins + 1 :]


async def commands_run(client: "redis.asyncio.Redis") -> Counter[str]:
    found = await client.info("commandstats")
    return Counter({name: stats["calls"] for name, stats in found.items()})


async def test_redis_is_not_asked_more_often_for_more(follow: Follow, resources: Resources) -> None:
    """Nor for those who join: they are told what is known here."""
    seconds, calls = 1.0, {}
    async with (
        redis.asyncio.Redis.from_url(resources.settings.redis_url, decode_responses=True) as client,
        AsyncExitStack() as stack,
    ):
        for crowd in (1, 100):
            before, began_at = await commands_run(client), time.monotonic()
            while metrics.SUBSCRIBERS._value.get() < crowd:
                await (await stack.enter_async_context(follow())).event()
            await asyncio.sleep(seconds)
            asked = await commands_run(client) - before
            calls[crowd] = sum(asked.values()) / (time.monotonic() - began_at)
            assert asked["cmdstat_evalsha"] / (time.monotonic() - began_at) < 1.5 / hub.POLL_SECONDS
    assert calls[100] < 1.5 * calls[1]


async def test_a_slow_reader_is_dropped_and_nobody_else(
    follow: Follow, client: Client, resources: Resources, showing: Showing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the bound in `subscriber.py` its backlog grows for ever, and the test waits in vain."""
    monkeypatch.setattr(subscriber, "MAX_BACKLOG", 4_096)
    engine, dropped = resources.engine, metrics.DROPPED._value.get()
    await engine.open(showing.session, "usr_1", {"bkg_1": 0}, lifetime=600_000, owner_limit=9)
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    slow.connect((client.server.host, client.server.port))
    slow.sendall(f"GET /v1/sessions/{showing.session}/live HTTP/1.1\r\nHost: holdfast\r\n\r\n".encode())
    async with follow() as reader:
        await reader.event()
        await eventually(lambda: metrics.SUBSCRIBERS._value.get() == 2)
        async with asyncio.timeout(30):
            while metrics.DROPPED._value.get() == dropped:
                await asyncio.gather(*(engine.resize("usr_1", {"bkg_1": n % 10}) for n in range(500)))
                await engine.resize("usr_1", {"bkg_1": 10})
                assert all(event.name == "change" for event in await reader.until((0, 10, 0)))
        assert metrics.DROPPED._value.get() == dropped + 1
        await eventually(lambda: metrics.SUBSCRIBERS._value.get() == 1)
        await engine.resize("usr_1", {"bkg_1": 5})
        assert (await reader.until((5, 5, 0)))[-1].name == "change"
    received = b""
    while some := slow.recv(65_536):
        received += some
    slow.close()
    assert received.startswith(b"HTTP/1.1 200 ")
    assert not received.endswith(b"0\r\n\r\n")  # as a stream that has ended does


async def test_who_left_is_forgotten(follow_elsewhere: Follow, worker: Worker, showing: Showing) -> None:
    """Though nothing changes; and the session is not asked for any more."""
    resources = worker.app[RESOURCES]
    async with follow_elsewhere() as reader:
        await reader.event()
        assert resources.live.follows(showing.session_id)
    await eventually(lambda: not resources.live.follows(showing.session_id))


async def test_no_more_streams_than_leave_room_for_others(
    follow: Follow, client: Client, resources: Resources, showing: Showing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources.live, "max_streams", 1)
    async with follow() as reader:
        await reader.event()
        refused = await anonymous(client)("GET", f"/v1/sessions/{showing.session}/live")
        assert refused.error == (503, "service_unavailable")
        assert refused.headers["Retry-After"]


async def test_the_limit_is_set_and_never_more_than_half_of_the_connections(
    resources: Resources, settings: Settings
) -> None:
    """Failed with half of what the process may open: `serve` raises that to a million."""
    half = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2
    assert resources.live.max_streams == min(settings.live_streams, half)
    assert [hub.Hub(resources.engine, most).max_streams for most in (1, 10**9)] == [1, half]


@pytest.mark.parametrize("whole", [True, False])
async def test_who_waits_for_the_first_event_is_counted(
    resources: Resources, showing: Showing, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failed with streams counted when they have it: all of a crowd that came at once came in."""
    monkeypatch.setattr(resources.live, "max_streams", 1)
    live, reader = resources.live, Subscriber(lambda: None, lambda: False)
    number = showing.session_id
    following = live.following(number, reader, None) if whole else live.counting([number], reader)
    async with AsyncExitStack() as stack:
        joining = asyncio.create_task(stack.enter_async_context(following))
        await asyncio.sleep(0)  # until Redis is asked
        assert live.is_full
        assert not joining.done()
        await joining
    assert not live.is_full


async def test_heartbeats(
    follow: Follow, resources: Resources, showing: Showing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LOOK_SECONDS", 0.01)
    async with follow() as reader:
        await reader.event()
        await asyncio.sleep(1.3)  # the first look was to be after a second
        await resources.engine.open(showing.session, "usr_1", {"bkg_1": 1}, lifetime=60_000, owner_limit=9)
        await reader.event()
        assert reader.comments >= 1
