"""Running scripts and commands on one Redis, on the master of a set that sentinels watch, or on a cluster."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Self

from holds import addresses
from holds.cluster import Cluster
from holds.connections import greeted
from holds.node import Node
from holds.requests import Argument, Request
from holds.scripts import Script
from holds.sentinel import WatchedNode

__all__ = ["Argument", "ScriptRunner"]


class ScriptRunner:
    """What is asked for in one turn of the event loop is sent at once, to each server over one connection.

    Nothing is ever sent twice, except what certainly has not been done: a script that the server did not know, or a
    command that a server of a cluster pointed elsewhere.
    """

    def __init__(self, servers: Node | Cluster) -> None:
        self._loop = asyncio.get_running_loop()
        self._submit = servers.submit

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        """A runner on what `url` names; connects when first used. Raises `ValueError` for a faulty URL.

        `redis://`, `rediss://` or `unix://` name one server, as redis-py reads them;
        `redis+sentinel://[user:password@]host:port,host:port/master[/db]` sentinels, asked for their master; and
        `redis+cluster://[user:password@]host:port,host:port` some servers of a cluster. `rediss+…` is TLS.
        """
        servers = _servers(addresses.parse(url))
        try:
            yield cls(servers)
        finally:
            await servers.close()

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument] = ()) -> Awaitable[Any]:
        """The script's reply. Raises `StoreUnavailable`; then the script may or may not have run.

        All keys are of one slot.
        """
        words = ("EVALSHA", script.sha, len(keys), *keys, *arguments)
        request = Request(words, keys[0], script, self._loop.create_future())
        self._submit(request)
        return request.reply

    def command(self, *command: Argument) -> Awaitable[Any]:
        """A command's reply, as the server sent it. Raises `StoreUnavailable`; then it may or may not have run.

        Its second word, if it has one, is its key, and the only one.
        """
        key = str(command[1]) if len(command) > 1 else None
        request = Request(command, key, None, self._loop.create_future())
        self._submit(request)
        return request.reply


def _servers(address: addresses.Address) -> Node | Cluster:
    if address.kind == "cluster":
        return Cluster(address)
    if address.kind == "sentinel":
        return WatchedNode(address)
    return Node(partial(greeted, address.options))
