"""One reader of events, and what waits to be sent to it."""

import asyncio
from collections.abc import Callable

MAX_BACKLOG = 128 * 1024
"""Bytes that may wait for a reader who does not keep up when more comes; then it is dropped, and may come back."""


class Subscriber:
    """Takes events as they come, and gives those that wait to the one who sends them.

    `drop` is called once, when the reader is too slow: it cuts the connection. `has_left`: whether that is cut already.
    """

    def __init__(self, drop: Callable[[], None], has_left: Callable[[], bool]) -> None:
        self._drop = drop
        self.has_left = has_left
        self._waiting: list[bytes] = []
        self._size = 0
        self._news = asyncio.Event()
        self._ended = False
        self.channels = 0
        """How many have something to say to it yet."""

    def give(self, events: bytes) -> None:
        """Send the events after those that wait."""
        if self._ended:
            return
        if self._size > MAX_BACKLOG:
            self.drop()
            return
        self._waiting.append(events)
        self._size += len(events)
        self._news.set()

    def end(self) -> None:
        """Nothing follows what waits."""
        self._ended = True
        self._news.set()

    def drop(self) -> None:
        """Cut the connection, and forget what waits."""
        self._waiting.clear()
        self.end()
        self._drop()

    async def take(self) -> bytes:
        """What waits, as soon as there is something; nothing at the end."""
        await self._news.wait()
        if not self._ended:
            self._news.clear()
        events = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        return events
