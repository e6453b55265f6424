"""One connection to one server: redis-py opens it (TLS, password, database), then its replies are read here.

redis-py's own pipelines cost six times as much CPU, and send nothing on a connection that still awaits an answer.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import hiredis
from redis.asyncio.connection import AbstractConnection, Connection
from redis.exceptions import ConnectionError, InvalidResponse, ResponseError  # noqa: A004  # redis' own

from holds.errors import StoreUnavailable
from holds.requests import Request

ANSWER_SECONDS = 0.9
"""How long a server may take to answer; then the connection is given up."""
LAST_LOOK_SECONDS = 0.05
"""Time for reading what came while the loop was busy, before that."""

_INCOMPLETE = object()


class Link(asyncio.Protocol):
    """Sends requests at once, however many are not answered yet, and hands each its reply: the n-th reply is the
    n-th request's, whoever still waits for it. Never sends anything twice.

    `refused` gets a request that the server answered with an error, `lost` is called once when the link ends.
    """

    def __init__(
        self,
        writer: asyncio.StreamWriter,
        refused: Callable[[Request, ResponseError], None],
        lost: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._writer = writer  # when it is collected, it closes its transport
        self._transport = writer.transport
        self._refused, self._lost = refused, lost
        self._unanswered: deque[Request] = deque()
        self._reader = hiredis.Reader(
            protocolError=InvalidResponse, replyError=ResponseError, notEnoughData=_INCOMPLETE
        )
        self._deadline: asyncio.TimerHandle | None = None
        self._looked_again = False
        self._ended = False
        self.closed: asyncio.Future[None] = self._loop.create_future()
        self._transport.set_protocol(self)

    def send(self, requests: Sequence[Request]) -> None:
        """Send the requests in one write."""
        now = self._loop.time()
        for request in requests:
            request.sent_at = now
        self._unanswered.extend(requests)
        self._transport.writelines([request.packed for request in requests])
        if self._deadline is None:
            self._deadline = self._loop.call_later(ANSWER_SECONDS, self._check_deadline)

    @property
    def busy(self) -> bool:
        return bool(self._unanswered)

    def end(self, reason: str) -> None:
        """Give the connection up. What is not answered may have been done or not."""
        if self._ended:
            return
        self._ended = True
        if self._deadline is not None:
            self._deadline.cancel()
        self._transport.abort()
        for request in self._unanswered:
            request.fail(StoreUnavailable(reason))
        self._unanswered.clear()
        self._lost()

    def data_received(self, data: bytes) -> None:
        self._looked_again = False
        self._reader.feed(data)
        read, unanswered = self._reader.gets, self._unanswered
        try:
            while (reply := read()) is not _INCOMPLETE:
                request = unanswered.popleft()
                if isinstance(reply, ResponseError):
                    self._refused(request, reply)
                else:
                    request.answer(reply)
        except (InvalidResponse, IndexError):
            self.end("the server said what Redis does not say")

    def connection_lost(self, exc: Exception | None) -> None:
        self.end(str(exc) if exc else "the server closed the connection")
        self.closed.set_result(None)

    def _check_deadline(self) -> None:
        """One timer serves all requests: it looks at the oldest, and comes again when that one is due."""
        self._deadline = None
        if not self._unanswered:
            return
        due = self._unanswered[0].sent_at + ANSWER_SECONDS
        if due > self._loop.time():
            self._deadline = self._loop.call_at(due, self._check_deadline)
        elif not self._looked_again:  # the answer may be there already: a crowded loop runs timers before it reads
            self._looked_again = True
            self._deadline = self._loop.call_later(LAST_LOOK_SECONDS, self._check_deadline)
        else:
            self.end(f"no answer within {ANSWER_SECONDS} s")


async def greeted(options: Mapping[str, Any], *, master: bool = False) -> asyncio.StreamWriter:
    """A connection ready for commands; `options` are those of redis-py's connections. Raises redis-py's errors.

    With `master`, a server that is not one is refused.
    """
    arguments = {"connection_class": Connection, **options, "protocol": 2, "socket_timeout": ANSWER_SECONDS}
    connection: AbstractConnection = arguments.pop("connection_class")(**arguments)
    try:
        await connection.connect()  # type: ignore[no-untyped-call]
        if master:
            await connection.send_command("ROLE")
            if (await connection.read_response())[0] != b"master":
                raise ConnectionError("the server is not a master")
    except BaseException:
        await connection.disconnect(nowait=True)
        raise
    writer = connection._writer
    assert writer is not None  # noqa: S101  # it is connected
    connection._reader = connection._writer = None
    return writer
