"""Somebody who writes all the while."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from holds.connections import ANSWER_SECONDS
from holds.errors import StoreUnavailable
from holds.runner import ScriptRunner
from holds.scripts import Script
from tests.stalls import TooSlow

COUNT = Script.of("count", "#!lua\nreturn redis.call('INCR', KEYS[1])\n")
LONGEST = 2.0
"""How long anybody may wait, in seconds."""


class Writer:
    """Counts up each key by a script, one step after the other. `longest`: their longest waits for an answer, in s."""

    def __init__(self, runner: ScriptRunner, keys: Sequence[str]) -> None:
        self._runner = runner
        self.keys = keys
        self.done = dict.fromkeys(keys, 0)
        self.failed = dict.fromkeys(keys, 0)
        self.longest = dict.fromkeys(keys, 0.0)

    async def settled(self, seconds: float = 20) -> None:
        """Return when every key has been counted up 20 times in a row without a failure."""
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(self._settled(key) for key in self.keys))

    def failures(self, keys: Sequence[str]) -> int:
        """How often counting up these keys failed, whose servers are well. Raises `TooSlow` where one was silent."""
        if max(self.longest[key] for key in keys) >= ANSWER_SECONDS:
            raise TooSlow("a server that was well did not answer in time")
        return sum(self.failed[key] for key in keys)

    async def _settled(self, key: str) -> None:
        failed, goal = -1, 0
        while self.done[key] < goal or self.failed[key] != failed:
            if self.failed[key] != failed:
                failed, goal = self.failed[key], self.done[key] + 20
            await asyncio.sleep(0.01)

    async def write(self, key: str) -> None:
        loop = asyncio.get_running_loop()
        while True:
            asked_at = loop.time()
            try:
                await self._runner.run(COUNT, [key])
                self.done[key] += 1
            except StoreUnavailable:
                self.failed[key] += 1
            self.longest[key] = max(self.longest[key], loop.time() - asked_at)
            await asyncio.sleep(0.005)


@asynccontextmanager
async def writing(runner: ScriptRunner, keys: Sequence[str]) -> AsyncIterator[Writer]:
    """A writer that has begun. In the end, nobody has ever waited too long."""
    writer = Writer(runner, keys)
    tasks = [asyncio.create_task(writer.write(key)) for key in keys]
    try:
        await writer.settled()
        yield writer
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    assert max(writer.longest.values()) < LONGEST
