"""One session, followed once for however many watch it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from holds.errors import PoolNotFound
from holds.following import Change
from service.live import events
from service.live.source import Source
from service.live.subscriber import Subscriber

CATCH_UP_SECONDS = 0.5

log = structlog.get_logger(__name__)


class Channel:
    """Asks for the session's changes every `pause()` seconds, and tells its subscribers; ends when it is cancelled.

    Whoever joins is told the state of this moment, then every change once and in order. Where it is not known what
    changed (Redis was away, or has forgotten), all are told the whole state.
    """

    def __init__(self, source: Source, session: str, pause: Callable[[], float]) -> None:
        self._source, self._session, self._pause = source, session, pause
        self._snapshot: bytes | None = None
        self._whole: set[Subscriber] = set()
        self._counting: set[Subscriber] = set()
        self._started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._looked = asyncio.Event()
        self.users = 0
        """How many have joined or are about to."""
        self.task = asyncio.create_task(self._run())

    async def started(self) -> None:
        """Return once the state is known. Raises what asking for it did."""
        await asyncio.shield(self._started)

    async def caught_up(self, after: str | None) -> None:
        """Return once `after` may be known here: another process may have told of it before this one asks for it."""
        if after is not None and self._source.is_news(after):
            self._looked.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(CATCH_UP_SECONDS):
                    await self._looked.wait()

    def join(self, subscriber: Subscriber, after: str | None) -> None:
        """Tell the subscriber every change from now on, after those since `after`, or else the whole state."""
        missed = self._source.since(after)
        if missed is None:
            subscriber.give(self._whole_state())
        elif missed:
            subscriber.give(self._in_words(missed))
        self._add(subscriber, self._whole)

    def join_counting(self, subscriber: Subscriber) -> None:
        """Tell the subscriber the counts alone, now and when they change."""
        subscriber.give(events.counts("snapshot", self._source.state))
        self._add(subscriber, self._counting)

    def leave(self, subscriber: Subscriber) -> None:
        self._whole.discard(subscriber)
        self._counting.discard(subscriber)

    def _add(self, subscriber: Subscriber, subscribers: set[Subscriber]) -> None:
        subscribers.add(subscriber)
        if self._source.state.is_cancelled:
            self._close()

    async def _run(self) -> None:
        try:
            await self._source.learn()
        except Exception as error:
            self._started.set_exception(error)
            self._started.exception()  # counts as seen, where everybody has gone meanwhile
            return
        self._started.set_result(None)
        try:
            while not self._source.state.is_cancelled:
                await asyncio.sleep(self._pause())
                self._tell(await self._source.changes())
                self._looked.set()
        except PoolNotFound:  # the session was deleted
            pass
        except Exception:
            log.exception("live_session_lost", session=self._session)
            for subscriber in self._whole | self._counting:
                subscriber.end()  # to come back, rather than to hear nothing
            return
        self._close()

    def _tell(self, changes: Sequence[Change] | None) -> None:
        """Tell these changes, if there are any; None: the whole state."""
        if changes is None:
            self._snapshot = None
            self._give(self._whole, self._whole_state)
            self._give(self._counting, lambda: events.counts("snapshot", self._source.state))
        elif changes:
            self._snapshot = None
            self._give(self._whole, lambda: self._in_words(changes))
            self._give(self._counting, lambda: events.counts("change", self._source.state))

    def _whole_state(self) -> bytes:
        """Put in words once, though a crowd comes."""
        if self._snapshot is None:
            self._snapshot = events.snapshot(self._source.state)
        return self._snapshot

    def _in_words(self, changes: Sequence[Change]) -> bytes:
        return b"".join(events.change(self._source.state, change) for change in changes)

    def _close(self) -> None:
        """Say that the session is cancelled."""
        self._give(self._whole, lambda: events.closed(self._session, self._source.state.last))
        self._give(self._counting, lambda: events.closed(self._session))
        for subscriber in self._whole | self._counting:
            self.leave(subscriber)
            subscriber.channels -= 1
            if subscriber.channels == 0:
                subscriber.end()

    @staticmethod
    def _give(subscribers: set[Subscriber], words: Callable[[], bytes]) -> None:
        """Put it in words once, and only where somebody reads them."""
        if subscribers:
            told = words()
            for subscriber in subscribers:
                subscriber.give(told)
