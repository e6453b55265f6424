"""One server, and the connection to it, which is made when it is needed."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from redis.exceptions import RedisError, ResponseError

from holds.connections import Link
from holds.errors import StoreUnavailable
from holds.requests import MISPLACED, Argument, Request, code_of

CONNECT_SECONDS = 0.9

Connect = Callable[[], Awaitable[asyncio.StreamWriter]]


class Node:
    """What is asked of the server in one turn of the event loop is sent at once, over one connection.

    Where the connection is lost, what was sent fails, and the next request makes a new one: within two seconds, each
    is answered or has failed.
    """

    def __init__(self, connect: Connect) -> None:
        self._loop = asyncio.get_running_loop()
        self._connect = connect
        self._link: Link | None = None
        self._waiting: list[Request] = []
        self._scheduled = False
        self._connecting: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        return self._link is not None

    def submit(self, request: Request) -> None:
        """Send the request together with what else is submitted now; it is answered, or fails."""
        self._waiting.append(request)
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._send_waiting)

    async def ask(self, *words: Argument) -> Any:
        """The server's reply to a command. Raises `StoreUnavailable` or `ResponseError`."""
        request = Request(words, None, None, self._loop.create_future())
        self.submit(request)
        return await request.reply

    def disconnect(self, reason: str) -> None:
        """Give the connection up, and what is not answered."""
        if self._link is not None:
            self._link.end(reason)

    async def close(self) -> None:
        """Wait for what was asked, then disconnect."""
        if self._scheduled or (self._link is not None and self._link.busy):
            with suppress(StoreUnavailable, ResponseError):
                await self.ask("PING")  # answered after all that was asked before
        if (link := self._link) is not None:
            link.end("closed")
            await link.closed

    def refused(self, request: Request, error: ResponseError) -> None:
        """The server answered the request with an error."""
        code = code_of(error)
        if code == "NOSCRIPT" and request.carry_source():
            self.submit(request)
            return
        request.refuse(error)
        if code in MISPLACED:
            self.misplaced(error)

    def misplaced(self, error: ResponseError) -> None:
        """Another server may be the one to ask: its name is looked up when the connection is made anew."""
        self.disconnect(str(error))

    def lost(self) -> None:
        """The connection has ended, or could not be made."""
        self._link = None

    def _send_waiting(self) -> None:
        if self._link is None:
            self._connecting = self._loop.create_task(self._reconnect())
            return  # still scheduled: what is submitted meanwhile waits, too
        self._scheduled = False
        waiting, self._waiting = self._waiting, []
        self._link.send(waiting)

    async def _reconnect(self) -> None:
        failure: Exception | None = None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                self._link = Link(await self._connect(), self.refused, self.lost)
        except (RedisError, OSError) as error:
            failure = StoreUnavailable(str(error) or type(error).__name__)
        except Exception as error:  # such as an option that redis-py does not know
            failure = error
        if failure is None:
            self._send_waiting()
        else:
            self._give_up(failure)

    def _give_up(self, failure: Exception) -> None:
        self._scheduled = False
        waiting, self._waiting = self._waiting, []
        for request in waiting:
            request.fail(failure)
        self.lost()
