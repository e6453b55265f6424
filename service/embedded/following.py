"""What a cluster and a set under sentinels have in common: servers that follow another."""

import asyncio
from typing import Any

from redis.asyncio import Redis

from .redis import EmbeddedRedis

FOLLOWING = {
    "bind": "127.0.0.1",
    "repl-diskless-sync-delay": "0",
    "repl-ping-replica-period": "1",
    "shutdown-timeout": "0",
}
"""Settings of servers that follow each other at once, and of masters that do not wait for their replicas to stop."""


async def asked(server: EmbeddedRedis, *words: str | int) -> Any:
    """The server's reply, in text."""
    async with Redis.from_url(server.url, decode_responses=True) as client:
        return await client.execute_command(*words)  # type: ignore[no-untyped-call]


async def following(replica: EmbeddedRedis) -> None:
    """Wait until the replica has its master's data."""
    while (await asked(replica, "INFO", "replication")).get("master_link_status") != "up":  # noqa: ASYNC110  # another process
        await asyncio.sleep(0.02)
