"""Running scripts and commands: those of one turn of the event loop travel in one pipeline, over few connections."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, Self

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    BusyLoadingError,
    ConnectionError,  # noqa: A004  # redis' own
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError,  # noqa: A004  # redis' own
)

from holds.errors import StoreUnavailable
from holds.scripts import Script

ANSWER_SECONDS = 0.9
"""How long a pipeline may take, connecting included, and how long a command may wait to be sent in one."""
MAX_PIPELINE = 256

_UNAVAILABLE = (ConnectionError, TimeoutError, OSError, OutOfMemoryError, BusyLoadingError, ReadOnlyError)

Argument = str | int | bytes


class _Call(NamedTuple):
    """A command for which somebody waits since the moment `asked_at` of the loop."""

    command: tuple[Argument, ...]
    script: Script | None
    reply: "asyncio.Future[Any]"
    asked_at: float


class ScriptRunner:
    """Sends commands to one Redis. What is asked for in one turn of the event loop is sent at once; while all
    connections are busy, it gathers. Nobody waits longer than twice `ANSWER_SECONDS`. Nothing is ever sent twice,
    except a script that the server did not know.
    """

    def __init__(self, client: Redis, connections: int) -> None:
        self._client = client
        self._idle = connections
        self._waiting: deque[_Call] = deque()
        self._scheduled = False
        self._pipelines: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, *, connections: int = 2) -> AsyncIterator[Self]:
        """A runner on the server at `url` (`redis://`, `rediss://` or `unix://`); connects when first used."""
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=connections,
            # A pipeline as a whole has a time limit: one for each reply costs more and bounds less.
            socket_timeout=None,
            socket_connect_timeout=None,
            # A script whose reply was lost has run: only the caller knows whether it may run again.
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        client = Redis(connection_pool=pool)
        runner = cls(client, connections)
        try:
            yield runner
        finally:
            await runner._drain()
            await client.aclose(close_connection_pool=True)

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument] = ()) -> Any:
        """The script's reply. Raises `StoreUnavailable`; then the script may or may not have run."""
        return await self._submit(("EVALSHA", script.sha, len(keys), *keys, *arguments), script)

    async def command(self, *command: Argument) -> Any:
        """A command's reply, as the server sent it. Raises `StoreUnavailable`; then it may or may not have run."""
        return await self._submit(command, None)

    async def _submit(self, command: tuple[Argument, ...], script: Script | None) -> Any:
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(_Call(command, script, reply, loop.time()))
        if not self._scheduled and self._idle:
            self._scheduled = True
            loop.call_soon(self._send_waiting)
        return await reply

    async def _drain(self) -> None:
        self._send_waiting()
        while self._pipelines:
            await asyncio.wait(self._pipelines)

    def _send_waiting(self) -> None:
        self._scheduled = False
        self._give_up_old_calls()
        while self._waiting and self._idle:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_PIPELINE))]
            self._idle -= 1
            task = asyncio.create_task(self._send(batch))
            self._pipelines.add(task)
            task.add_done_callback(self._sent)

    def _give_up_old_calls(self) -> None:
        oldest = asyncio.get_running_loop().time() - ANSWER_SECONDS
        while self._waiting and self._waiting[0].asked_at < oldest:
            reply = self._waiting.popleft().reply
            if not reply.done():
                reply.set_exception(StoreUnavailable("no connection came free in time"))

    def _sent(self, task: "asyncio.Task[None]") -> None:
        self._pipelines.discard(task)
        self._idle += 1
        self._send_waiting()

    async def _send(self, batch: Sequence[_Call]) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                replies = await self._replies(batch)
        except Exception as error:
            replies = [error] * len(batch)
        for call, reply in zip(batch, replies, strict=True):
            if call.reply.done():  # its caller was cancelled
                continue
            if isinstance(reply, Exception):
                call.reply.set_exception(_translated(reply))
            else:
                call.reply.set_result(reply)

    async def _replies(self, batch: Sequence[_Call]) -> list[Any]:
        replies = await self._execute([call.command for call in batch])
        unknown = [i for i, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if unknown:
            again = await self._execute([_with_source(batch[i]) for i in unknown])
            for i, reply in zip(unknown, again, strict=True):
                replies[i] = reply
        return replies

    async def _execute(self, commands: Sequence[tuple[Argument, ...]]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        return await pipeline.execute(raise_on_error=False)


def _with_source(call: _Call) -> tuple[Argument, ...]:
    """The command with the script's text in place of its hash: Redis forgets scripts when it restarts."""
    assert call.script is not None  # noqa: S101  # only EVALSHA answers NOSCRIPT
    return ("EVAL", call.script.source, *call.command[2:])


def _translated(error: Exception) -> Exception:
    if isinstance(error, _UNAVAILABLE):
        return StoreUnavailable(str(error) or type(error).__name__)
    if isinstance(error, ResponseError) and str(error).startswith(("CLUSTERDOWN", "MASTERDOWN", "MISCONF", "TRYAGAIN")):
        return StoreUnavailable(str(error))
    return error
