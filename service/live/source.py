"""What a worker knows of a session, and how it stays true."""

import asyncio
from collections import deque
from collections.abc import Sequence

import structlog

from holds.engine import HoldEngine
from holds.errors import NotNumbered, StoreUnavailable
from holds.following import Change
from service.live.state import SessionState
from service.postgres import UNREACHABLE

log = structlog.get_logger(__name__)

REMEMBERED = 1_000
"""How many changes are kept for those who come back; Redis keeps about as many."""
OUTAGE_SECONDS = 0.5
"""How long nothing is asked after Redis, or Postgres, was out of reach."""


class Source:
    """The session's `state`, once it was learnt, and the changes that led there, as far as they are known."""

    def __init__(self, engine: HoldEngine, session: str) -> None:
        self._engine, self._session = engine, session
        self._recent: deque[Change] = deque(maxlen=REMEMBERED)
        self.state: SessionState

    async def learn(self) -> None:
        """Look at the whole session. Raises `PoolNotFound`, `StoreUnavailable`, and what reading the database raises.

        The seats of a hall are as they are at a moment among the changes: after some of them, and before others.
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
                    self.state.apply(change)
                return

    async def changes(self) -> Sequence[Change] | None:
        """What changed since this was asked last; None where that is not known, and the session was learnt anew.

        So it is after an outage, which is waited for: Redis may have lost what it said before. Raises `PoolNotFound`.
        """
        try:
            news = await self._engine.follow(self._session, self.state.last)
            if news.joined:
                for change in news.changes:
                    self.state.apply(change)
                self._recent.extend(news.changes)
                return news.changes
        except (StoreUnavailable, *UNREACHABLE) as error:
            log.debug("live_session_waits", session=self._session, reason=str(error))
        await self._learn_when_possible()
        return None

    def is_news(self, change: str) -> bool:
        """Whether that change, by its id, came after all that are known. An id that is none is not."""
        try:
            return _moment(change) > _moment(self.state.last)
        except ValueError:
            return False

    def since(self, known: str | None) -> Sequence[Change] | None:
        """The changes since that one; None where it is not known any more."""
        missed: list[Change] = []
        for change in reversed(self._recent):
            if change.id == known:
                return missed[::-1]
            missed.append(change)
        return None

    async def _learn_when_possible(self) -> None:
        while True:
            try:
                await self.learn()
                return
            except (StoreUnavailable, *UNREACHABLE):
                await asyncio.sleep(OUTAGE_SECONDS)

    def _take(self, changes: Sequence[Change], state: SessionState) -> None:
        self.state = state
        self._recent.clear()
        self._recent.extend(changes)


def _moment(change: str) -> tuple[int, ...]:
    return tuple(map(int, change.split("-", 1)))
