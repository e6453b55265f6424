"""Finding every pool that Redis knows, for operators and auditors: by SCAN, server by server, never for a request."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from holds import addresses, keys
from holds.addresses import Address, Host
from holds.connections import greeted
from holds.errors import StoreUnavailable
from holds.node import Node
from holds.requests import Argument, Request
from holds.sentinel import WatchedNode

KEYS_PER_STEP = 1_000
"""How many keys a server looks at in one step: some tenths of a millisecond, during which it does nothing else."""
_BEFORE, _, _AFTER = keys.pool("*").partition("*")


async def pools_with_holds(url: str) -> AsyncIterator[Sequence[str]]:
    """Likewise, those of which Redis has holds, live or lapsed, though the pool itself may have gone."""
    async for found in _found(url, f"{keys.pool('*')}:*"):
        yield [key.removeprefix(_BEFORE).partition(_AFTER)[0] for key in found]


async def pools(url: str) -> AsyncIterator[Sequence[str]]:
    """The names of the pools, in batches as they are found; one that comes or goes meanwhile may be missing or named.

    A name may come twice. Raises `StoreUnavailable`.
    """
    async for found in _found(url, keys.pool("*")):
        yield [key.removeprefix(_BEFORE).removesuffix(_AFTER) for key in found]


async def _found(url: str, pattern: str) -> AsyncIterator[Sequence[str]]:
    for server in await _servers(addresses.parse(url)):
        async with _closing(server):
            cursor = b""
            while cursor != b"0":
                step = ("SCAN", cursor or b"0", "MATCH", pattern, "COUNT", KEYS_PER_STEP)
                cursor, found = await _ask(server, *step)
                if found:
                    yield [key.decode() for key in found]


async def _servers(address: Address) -> Sequence[Node]:
    """The servers that have keys of their own; they connect when they are first asked."""
    if address.kind == "cluster":
        return [_member(address, host) for host in await _masters(address)]
    if address.kind == "sentinel":
        return [WatchedNode(address)]
    return [Node(partial(greeted, address.options))]


async def _masters(address: Address) -> Sequence[Host]:
    """Where the masters of a cluster are: the first of its servers that answers says it."""
    failure = StoreUnavailable("the cluster's address names no server")
    for host in address.hosts:
        async with _closing(_member(address, host)) as server:
            try:
                ranges = await _ask(server, "CLUSTER", "SLOTS")
            except StoreUnavailable as error:
                failure = error
                continue
        return sorted({((name or b"").decode() or host[0], port) for _, _, (name, port, *_), *_ in ranges})
    raise failure


def _member(address: Address, host: Host) -> Node:
    return Node(partial(greeted, {**address.options, "host": host[0], "port": host[1]}))


@asynccontextmanager
async def _closing(server: Node) -> AsyncIterator[Node]:
    try:
        yield server
    finally:
        await server.close()


async def _ask(server: Node, *words: Argument) -> Any:
    request = Request(words, None, None, asyncio.get_running_loop().create_future())
    server.submit(request)
    return await request.reply
