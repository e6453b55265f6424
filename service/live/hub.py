"""What a worker follows, and who follows it here."""

import asyncio
import resource
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from itertools import count
from typing import Self

from holds.engine import HoldEngine
from service.inventory import pool_of_session
from service.live import events, metrics
from service.live.channel import Channel
from service.live.source import Source
from service.live.subscriber import Subscriber

POLL_SECONDS = 0.1
SECONDS_A_SESSION = 0.000_5
"""A worker that follows more than 200 sessions asks more seldom: Redis is asked at most 2,000 times a second."""
LOOK_SECONDS = 1.0
"""How often is looked whether readers have left: so long after the last one, a session is not asked for any more."""
LOOKS_A_HEARTBEAT = 15
LAST_WORDS_SECONDS = 1.0
"""How long readers may take for what was sent to them, when the process ends."""


class Hub:
    """Follows each session once, from the first subscriber to the last.

    All sessions are asked for at the same moment, so that it is one round trip.
    """

    def __init__(self, engine: HoldEngine, max_streams: int) -> None:
        self._engine = engine
        self.max_streams = min(max_streams, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
        """That are open at once: at least half of the connections that the process may have is for those who buy."""
        self._time = asyncio.get_running_loop().time
        self._channels: dict[int, Channel] = {}
        self._subscribers: set[Subscriber] = set()
        self._nobody = asyncio.Event()
        self._over = False

    @classmethod
    @asynccontextmanager
    async def running(cls, engine: HoldEngine, max_streams: int) -> AsyncIterator[Self]:
        """A hub, until the block ends."""
        hub = cls(engine, max_streams)
        metrics.SUBSCRIBERS.set(0)  # a worker before this one, which was killed, may have left another number
        metrics.CHANNELS.set(0)
        beating = asyncio.create_task(hub._beat())
        try:
            yield hub
        finally:
            beating.cancel()
            await hub.end()
            await asyncio.gather(beating, return_exceptions=True)

    @property
    def is_full(self) -> bool:
        return len(self._subscribers) >= self.max_streams

    def follows(self, number: int) -> bool:
        """Whether somebody follows the session here: then it is there."""
        channel = self._channels.get(number)
        return channel is not None and not channel.task.done()

    @asynccontextmanager
    async def following(self, number: int, subscriber: Subscriber, after: str | None) -> AsyncIterator[None]:
        """Tell the subscriber all of the session, from the event with the id `after` if that is still known.

        Raises `PoolNotFound`, `StoreUnavailable`, and what reading the database raises.
        """
        with self._used(number) as channel, self._subscribed(subscriber, [channel]):
            await channel.started()
            await channel.caught_up(after)
            channel.join(subscriber, after)
            yield

    @asynccontextmanager
    async def counting(self, numbers: Iterable[int], subscriber: Subscriber) -> AsyncIterator[None]:
        """Tell the subscriber the counts of the sessions; raises likewise."""
        with ExitStack() as stack:
            channels = [stack.enter_context(self._used(number)) for number in numbers]
            stack.enter_context(self._subscribed(subscriber, channels))
            for channel in channels:
                await channel.started()
            for channel in channels:
                channel.join_counting(subscriber)
            yield

    async def end(self) -> None:
        """End every stream, and begin no other: at once, but for what was told already."""
        self._over = True
        for subscriber in self._subscribers:
            subscriber.end()
        if self._subscribers:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS_SECONDS):
                    await self._nobody.wait()
        for subscriber in self._subscribers:
            subscriber.drop()

    @contextmanager
    def _used(self, number: int) -> Iterator[Channel]:
        """The session's channel, which is there as long as somebody uses it."""
        channel = self._channels.get(number)
        if channel is None or channel.task.done():
            session = pool_of_session(number)
            channel = self._channels[number] = Channel(Source(self._engine, session), session, self._pause)
            metrics.CHANNELS.set(len(self._channels))
        channel.users += 1
        try:
            yield channel
        finally:
            channel.users -= 1
            if channel.users == 0:
                channel.task.cancel()
                if self._channels.get(number) is channel:
                    del self._channels[number]
                metrics.CHANNELS.set(len(self._channels))

    @contextmanager
    def _subscribed(self, subscriber: Subscriber, channels: Sequence[Channel]) -> Iterator[None]:
        subscriber.channels = len(channels)  # before any is joined: one may have its last word at once
        self._subscribers.add(subscriber)  # before anything is waited for: a crowd must not come in while there is room
        self._nobody.clear()
        metrics.SUBSCRIBERS.set(len(self._subscribers))
        if self._over:
            subscriber.end()
        try:
            yield
        finally:
            for channel in channels:
                channel.leave(subscriber)
            self._subscribers.discard(subscriber)
            metrics.SUBSCRIBERS.set(len(self._subscribers))
            if not self._subscribers:
                self._nobody.set()

    def _pause(self) -> float:
        """Seconds to the next moment at which sessions are asked for, which is the same for all."""
        period = max(POLL_SECONDS, len(self._channels) * SECONDS_A_SESSION)
        return period - self._time() % period

    async def _beat(self) -> None:
        """Send heartbeats, and end streams that nobody reads any more: where nothing changes, nothing else shows it."""
        for beat in count(1):
            await asyncio.sleep(LOOK_SECONDS)
            for subscriber in self._subscribers:
                if subscriber.has_left():
                    subscriber.end()
                elif beat % LOOKS_A_HEARTBEAT == 0:
                    subscriber.give(events.HEARTBEAT)
