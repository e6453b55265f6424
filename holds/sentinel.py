"""Finding the master of a set that sentinels watch."""

import asyncio
from typing import Any

from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff

from holds.addresses import Address
from holds.connections import greeted
from holds.node import Node

SENTINEL_SECONDS = 0.2
"""How long a sentinel may take to answer before the next one is asked."""


class WatchedNode(Node):
    """The server that is the master whenever a connection is made."""

    def __init__(self, address: Address) -> None:
        super().__init__(self._connect_to_master)
        self._address = address
        options: dict[str, Any] = {
            **address.sentinel_options,
            "socket_timeout": SENTINEL_SECONDS,
            "socket_connect_timeout": SENTINEL_SECONDS,
            "retry": Retry(NoBackoff(), 0),
            "protocol": 2,
        }
        self._sentinel = Sentinel(address.hosts, sentinel_kwargs=options)  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await super().close()
        await self._sentinel.aclose()

    async def _connect_to_master(self) -> asyncio.StreamWriter:
        asked = self._sentinel.sentinels
        asked.append(asked.pop(0))  # the one asked last may be cut off from the others, and wrong
        host, port = await self._sentinel.discover_master(self._address.service)
        return await greeted({**self._address.options, "host": host, "port": port}, master=True)
