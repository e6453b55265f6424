"""The engine's scripts under a clock that a test moves.

The engine's only clock is the server's `TIME`, read in one place: `lua/lib/clock.lua`. Here that file is replaced by
one that reads a key, which the test sets. The clock starts decades ahead of the server's own, so that nothing expires
by itself; whenever the clock moves, what its new time says is expired is deleted. Lifetimes that are relative for the
server (`SET … PX`) are made absolute on the way. So expiry, too, is as exact as in production, and no test waits.
"""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import redis

import holds
from holds import scripts
from holds.engine import SCRIPTS
from holds.errors import StoreUnavailable
from holds.runner import Argument, ScriptRunner
from holds.scripts import Script

START = 3_000_000_000_000
"""The first moment, in ms since the Unix epoch: in 2065."""
KEY = "clock"
LUA = Path(holds.__file__).parent / "lua"

_CLOCK = f"""
local function current_ms()
  return tonumber(redis.call('GET', '{KEY}'))
end
"""
_EXPIRE = f"""
for _, key in ipairs(redis.call('KEYS', '*')) do
  local expires_at = redis.call('PEXPIRETIME', key)
  if expires_at >= 0 and expires_at < tonumber(ARGV[1]) then
    redis.call('DEL', key)
  end
end
redis.call('SET', '{KEY}', ARGV[1])
"""
_LIFETIMES = f"""
local reply = {{}}
for _, key in ipairs(redis.call('KEYS', '*')) do
  if key ~= '{KEY}' then
    reply[#reply + 1] = key
    reply[#reply + 1] = redis.call('PEXPIRETIME', key)
  end
end
return reply
"""

Change = tuple[str, str, str]
"""A file below `lua/`, a text in it, and what stands in its place."""


def clocked_scripts(folder: Path, changes: Sequence[Change] = ()) -> dict[str, Script]:
    """The engine's scripts under the test's clock, changed in a copy below `folder`."""
    copied = folder / "lua"
    shutil.copytree(LUA, copied)
    (copied / "lib" / "clock.lua").write_text(_CLOCK, encoding="utf-8")
    for name, old, new in changes:
        path = copied / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer has: {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")
    return scripts.load(copied)


def run_clocked(patch: pytest.MonkeyPatch, folder: Path, changes: Sequence[Change] = ()) -> None:
    """Let every engine run these scripts until the test is over."""
    for name, script in clocked_scripts(folder, changes).items():
        patch.setitem(SCRIPTS, name, script)


class Clock:
    """The clock of one server, which belongs to the test."""

    def __init__(self, url: str) -> None:
        self._raw = redis.Redis.from_url(url, decode_responses=True)
        self.now = START

    def restart(self) -> None:
        """The first moment on an empty server."""
        self.now = START
        self.wipe()

    def move(self, moment: int) -> None:
        self.now = moment
        self._raw.eval(_EXPIRE, 0, str(moment))

    def wipe(self) -> None:
        """Lose everything that the server knows, but the time."""
        self._raw.flushall()
        self._raw.set(KEY, self.now)

    def lifetimes(self) -> dict[str, int]:
        """When each key expires; -1: never."""
        reply: Any = self._raw.eval(_LIFETIMES, 0)
        return dict(zip(reply[::2], reply[1::2], strict=True))

    def close(self) -> None:
        self._raw.close()


class FaultyRunner(ScriptRunner):
    """Runs scripts under the test's clock; loses the request or the reply of a script that it was told to lose."""

    def __init__(self, inner: ScriptRunner, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock
        self._losing: tuple[str, str] | None = None

    def lose(self, script: str, what: str) -> None:
        """`what` is "request": the next run of the script does not happen; or "reply": nobody learns that it did."""
        self._losing = (script, what)

    def lose_nothing(self) -> None:
        self._losing = None

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument] = ()) -> "asyncio.Future[Any]":
        return asyncio.ensure_future(self._run(script, keys, arguments))

    def command(self, *command: Argument) -> "asyncio.Future[Any]":
        if command[0] == "SET" and "PX" in command:
            place = command.index("PX")
            command = (*command[:place], "PXAT", self._clock.now + int(command[place + 1]))
        reply: asyncio.Future[Any] = asyncio.ensure_future(self._inner.command(*command))
        return reply

    async def _run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        losing, self._losing = self._losing, None
        if losing is None or losing[0] != script.name:
            self._losing = losing
            return await self._inner.run(script, keys, arguments)
        if losing[1] == "reply":
            await self._inner.run(script, keys, arguments)
        raise StoreUnavailable(f"the {losing[1]} was lost")
