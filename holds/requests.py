"""What is asked of a server, and how its refusals are understood."""

import asyncio
from typing import Any

from hiredis import pack_command
from redis.exceptions import ResponseError

from holds.errors import StoreUnavailable
from holds.scripts import Script

MISPLACED = frozenset({"READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"})
"""Refusals that may mean that another server is the one to ask."""
_UNAVAILABLE = MISPLACED | {"OOM", "MISCONF", "NOREPLICAS", "BUSY", "NOAUTH", "NOPERM"}

Argument = str | int | bytes


class Request:
    """One command, its future reply, and where it has been. `key` says which slot of a cluster it belongs to."""

    __slots__ = ("key", "packed", "redirections", "reply", "script", "sent_at", "words")

    def __init__(
        self, words: tuple[Argument, ...], key: str | None, script: Script | None, reply: "asyncio.Future[Any]"
    ) -> None:
        self.words = words
        self.key = key
        self.script = script
        self.reply = reply
        self.packed = _packed(words)
        self.redirections = 0
        self.sent_at = 0.0
        """When it was sent last, by the event loop's clock."""

    def answer(self, reply: Any) -> None:
        """Give the reply to the caller, unless that one was cancelled."""
        if not self.reply.done():
            self.reply.set_result(reply)

    def fail(self, error: Exception) -> None:
        """Raise the error where the reply is awaited, if it is: whoever gave up waiting has no use for it."""
        if not self.reply.done():
            self.reply.set_exception(error)
            self.reply.exception()  # counts as seen, so that asyncio does not log it

    def refuse(self, error: ResponseError) -> None:
        """Raise what a server answered."""
        self.fail(StoreUnavailable(str(error)) if code_of(error) in _UNAVAILABLE else error)

    def carry_source(self) -> bool:
        """Put the script's text in place of its hash, which the server did not know. Such a script has not run."""
        if self.script is None or self.words[0] != "EVALSHA":
            return False
        self.words = ("EVAL", self.script.source, *self.words[2:])
        self.packed = _packed(self.words)
        return True


def _packed(words: tuple[Argument, ...]) -> bytes:
    packed: bytes = pack_command(words)  # type: ignore[arg-type]  # its stub means a tuple of any length
    return packed


def code_of(error: ResponseError) -> str:
    """The first word of a refusal."""
    return str(error).partition(" ")[0]
