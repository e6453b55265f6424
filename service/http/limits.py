"""Limits on how often something is tried, counted in Redis: exact, and the same on every worker."""

import math
from dataclasses import dataclass
from pathlib import Path

from holds import scripts
from holds.runner import ScriptRunner
from service.errors import RATE_LIMITED, ApiError

_TAKE = scripts.load(Path(__file__).parent / "lua")["limit_take"]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `allowed` attempts of one subject within any `seconds`. Both methods raise `StoreUnavailable`."""

    name: str
    allowed: int
    seconds: float

    async def take(self, redis: ScriptRunner, subject: str) -> None:
        """Count an attempt, before it is made, so that parallel ones cannot slip through.

        Raises `ApiError` (429) when there were too many; such an attempt does not count.
        """
        wait_ms = await redis.run(_TAKE, [self._key(subject)], [self.allowed, math.ceil(self.seconds * 1_000)])
        if wait_ms:
            raise ApiError(RATE_LIMITED, retry_after=math.ceil(wait_ms / 1_000))

    async def clear(self, redis: ScriptRunner, subject: str) -> None:
        """Forget the subject's attempts."""
        await redis.command("DEL", self._key(subject))

    def _key(self, subject: str) -> str:
        return f"limit:{self.name}:{subject}"
