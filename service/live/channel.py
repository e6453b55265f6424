"""One session, followed once for however many watch it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence

import structlog

from holds.engine import HoldEngine
from holds.errors import NotNumbered, PoolNotFound, StoreUnavailable
from holds.following import Change
from service.live import events
from service.live.state import SessionState
from service.live.subscriber import Subscriber
from service.postgres import UNREACHABLE

log = structlog.get_logger(__name__)

REMEMBERED = 1_000
"""How many changes are kept for those who come back; Redis keeps about as many."""
OUTAGE_SECONDS = 0.5
"""How long nothing is asked after Redis, or Postgres, was out of reach."""


class Channel:
    """Asks for the session's changes every `pause()` seconds, and tells its subscribers; ends when it is cancelled.

    Whoever joins is told the state of this moment, then every change once and in order. Where it is not known what
    changed (Redis was away, or has forgotten), all are told the whole state.
    """

    def __init__(self, engine: HoldEngine, session: str, pause: Callable[[], float]) -> None:
        self._engine, self._session, self._pause = engine, session, pause
        self._state: SessionState
        self._snapshot: bytes | None = None
        self._recent: deque[Change] = deque(maxlen=REMEMBERED)
        self._whole: set[Subscriber] = set()
        self._counting: set[Subscriber] = set()
        self._started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.users = 0
        """How many have joined or are about to."""
        self.task = asyncio.create_task(self._run())

    async def started(self) -> None:
        """Return once the state is known. Raises what asking for it did."""
        await asyncio.shield(self._started)

    def join(self, subscriber: Subscriber, after: str | None) -> None:
        """Tell the subscriber every change from now on, after those since `after`, or else the whole state."""
        missed = self._since(after)
        if missed is None:
            subscriber.give(self._whole_state())
        elif missed:
            subscriber.give(self._in_words(missed))
        self._add(subscriber, self._whole)

    def join_counting(self, subscriber: Subscriber) -> None:
        """Tell the subscriber the counts alone, now and when they change."""
        subscriber.give(events.counts("snapshot", self._state))
        self._add(subscriber, self._counting)

    def leave(self, subscriber: Subscriber) -> None:
        self._whole.discard(subscriber)
        self._counting.discard(subscriber)

    def _add(self, subscriber: Subscriber, subscribers: set[Subscriber]) -> None:
        subscribers.add(subscriber)
        subscriber.channels += 1
        if self._state.is_cancelled:
            self._close()

    async def _run(self) -> None:
        try:
            await self._learn()
        except Exception as error:
            self._started.set_exception(error)
            self._started.exception()  # counts as seen, where everybody has gone meanwhile
            return
        self._started.set_result(None)
        try:
            while not self._state.is_cancelled:
                await asyncio.sleep(self._pause())
                await self._poll()
        except PoolNotFound:  # the session was deleted
            pass
        except Exception:
            log.exception("live_session_lost", session=self._session)
            self._end()
            return
        self._close()

    async def _poll(self) -> None:
        """Tell what changed; after an outage everything, since Redis may have lost what it said before."""
        try:
            news = await self._engine.follow(self._session, self._state.last)
            if news.joined:
                self._tell(news.changes)
                return
        except (StoreUnavailable, *UNREACHABLE) as error:
            log.debug("live_session_waits", session=self._session, reason=str(error))
        await self._learn_when_possible()
        self._give(self._whole, self._whole_state)
        self._give(self._counting, lambda: events.counts("snapshot", self._state))

    async def _learn_when_possible(self) -> None:
        while True:
            try:
                await self._learn()
                return
            except (StoreUnavailable, *UNREACHABLE):
                await asyncio.sleep(OUTAGE_SECONDS)

    async def _learn(self) -> None:
        """Take the state as it is, and the changes that are known, so that those who come back can go on.

        A map of the seats is as of a moment among the changes: it is taken after some of them, and before others.
        """
        while True:
            news = await self._engine.follow(self._session, None)
            try:
                hall = await self._engine.seats(self._session)
            except NotNumbered:
                self._take(news.changes, SessionState.of_counts(self._session, news.changes[-1]))
                return
            later = await self._engine.follow(self._session, news.changes[-1].id)
            changes = [*news.changes, *later.changes]
            known = [change.id for change in changes]
            if later.joined and hall.change in known:
                self._take(changes, SessionState.of_hall(hall))
                for change in changes[known.index(hall.change) + 1 :]:
                    self._state.apply(change)
                return

    def _take(self, changes: Sequence[Change], state: SessionState) -> None:
        self._state, self._snapshot = state, None
        self._recent.clear()
        self._recent.extend(changes)

    def _tell(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        for change in changes:
            self._state.apply(change)
        self._snapshot = None
        self._recent.extend(changes)
        self._give(self._whole, lambda: self._in_words(changes))
        self._give(self._counting, lambda: events.counts("change", self._state))

    def _since(self, known: str | None) -> Sequence[Change] | None:
        """The changes since that one; None where it is not known any more."""
        missed: list[Change] = []
        for change in reversed(self._recent):
            if change.id == known:
                return missed[::-1]
            missed.append(change)
        return None

    def _whole_state(self) -> bytes:
        """Put in words once, though a crowd comes."""
        if self._snapshot is None:
            self._snapshot = events.snapshot(self._state)
        return self._snapshot

    def _in_words(self, changes: Iterable[Change]) -> bytes:
        return b"".join(events.change(self._state, change) for change in changes)

    def _close(self) -> None:
        """Say that the session is cancelled."""
        self._give(self._whole, lambda: events.closed(self._session, self._state.last))
        self._give(self._counting, lambda: events.closed(self._session))
        self._end()

    def _end(self) -> None:
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
