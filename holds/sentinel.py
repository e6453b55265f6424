"""Finding the master of a set that sentinels watch."""

import asyncio
from collections import Counter
from contextlib import suppress
from functools import partial

from redis.exceptions import ResponseError

from holds.addresses import Address, Host
from holds.connections import greeted
from holds.errors import StoreUnavailable
from holds.node import Node

SENTINEL_SECONDS = 0.3
"""How long sentinels may take to answer."""
WATCH_SECONDS = 1.0
"""How often they are asked whether another server has become the master."""


class WatchedNode(Node):
    """The server that is the master. Where another one becomes it, the connection moves there within a second or so,
    even if the old one still takes writes, which are lost when it learns what happened."""

    def __init__(self, address: Address) -> None:
        super().__init__(self._connect_to_master)
        self._address = address
        self._sentinels = [
            Node(partial(greeted, {**address.sentinel_options, "host": host, "port": port}))
            for host, port in address.hosts
        ]
        self._master: Host | None = None
        self._watching = self._loop.create_task(self._watch())

    async def close(self) -> None:
        self._watching.cancel()
        await asyncio.wait([self._watching])
        await super().close()
        await asyncio.gather(*(sentinel.close() for sentinel in self._sentinels))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            with suppress(StoreUnavailable):
                if self.connected and await self._find_master() != self._master:
                    self.disconnect("another server has become the master")

    async def _connect_to_master(self) -> asyncio.StreamWriter:
        self._master = host, port = await self._find_master()
        return await greeted({**self._address.options, "host": host, "port": port}, master=True)

    async def _find_master(self) -> Host:
        """What most of those sentinels say that know of the last change. Raises `StoreUnavailable`."""
        told = await asyncio.gather(*(self._told_by(sentinel) for sentinel in self._sentinels))
        votes = Counter(vote for vote in told if vote is not None)
        if not votes:
            raise StoreUnavailable(f"no sentinel knows a master {self._address.service} that is up")
        _, host = max(votes, key=lambda vote: (vote[0], votes[vote]))
        return host

    async def _told_by(self, sentinel: Node) -> tuple[int, Host] | None:
        """The number of the last change, and the master since then; None where it is down, or nothing is known."""
        try:
            async with asyncio.timeout(SENTINEL_SECONDS):
                reply = await sentinel.ask("SENTINEL", "MASTER", self._address.service)
        except (StoreUnavailable, ResponseError, TimeoutError):
            return None
        state = dict(zip(reply[::2], reply[1::2], strict=True))
        if {b"s_down", b"o_down"} & set(state[b"flags"].split(b",")):
            return None
        return int(state[b"config-epoch"]), (state[b"ip"].decode(), int(state[b"port"]))
