"""Where a hold is, found by its id alone: its pool and owner, which never change."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any

from holds import keys
from holds.errors import HoldError, HoldExpired, HoldNotFound
from holds.runner import ScriptRunner

REMEMBERED = 200_000
"""At most some 60 MB: without one, each operation on the hold costs Redis a look-up more."""

Reference = tuple[str, str]
"""A hold's pool and its owner."""


class References:
    """The references in Redis, the last `REMEMBERED` of them remembered.

    What is remembered may outlive the hold and its reference: a hold that turns out not to be live is looked up anew.
    """

    def __init__(self, runner: ScriptRunner) -> None:
        self._runner = runner
        self._known: OrderedDict[str, Reference] = OrderedDict()

    async def find(self, hold_id: str) -> Reference | None:
        """The hold's pool and owner."""
        known = self._known.get(hold_id) or await self._read(hold_id)
        if known is not None:
            self.remember(hold_id, known)
        return known

    async def find_all(self, hold_ids: Sequence[str]) -> list[Reference | None]:
        """`find` for each of the holds, in one round trip."""
        return list(await asyncio.gather(*map(self.find, hold_ids)))

    async def pool_of(self, owner: str, hold_ids: Iterable[str]) -> str:
        """The one pool of the owner's holds. Raises `HoldNotFound`, or `ValueError` when it is not one pool."""
        pool = ""
        for hold_id in hold_ids:
            reference = self._known.get(hold_id) or await self.find(hold_id)
            if reference is None or reference[1] != owner:
                raise HoldNotFound
            if pool and pool != reference[0]:
                raise ValueError("these are not holds of one pool")
            pool = reference[0]
        if not pool:
            raise ValueError("these are no holds")
        return pool

    async def why_gone(self, hold_ids: Iterable[str]) -> HoldError:
        """What to raise for holds that are not all live."""
        for hold_id in hold_ids:
            if await self._read(hold_id) is None:
                self._known.pop(hold_id, None)
                return HoldNotFound()
        return HoldExpired()

    def write(self, hold_ids: Iterable[str], reference: Reference, lifetime: int) -> list[Awaitable[Any]]:
        """Keep the reference of new holds for `lifetime` ms; sent together with what else this turn sends."""
        text = " ".join(reference)
        return [self._runner.command("SET", keys.reference(hold_id), text, "PX", lifetime) for hold_id in hold_ids]

    def remove(self, owner: str, hold_ids: Sequence[str]) -> list[Awaitable[Any]]:
        """Take holds that are no more out of their owner's set, and their references away; sent likewise."""
        for hold_id in hold_ids:
            self._known.pop(hold_id, None)
        return [
            self._runner.command("ZREM", keys.owner(owner), *hold_ids),
            *(self._runner.command("DEL", keys.reference(hold_id)) for hold_id in hold_ids),
        ]

    def remember(self, hold_id: str, reference: Reference) -> None:
        """Spare the next look-up."""
        self._known[hold_id] = reference
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    async def _read(self, hold_id: str) -> Reference | None:
        value: bytes | None = await self._runner.command("GET", keys.reference(hold_id))
        if value is None:
            return None
        pool, _, owner = value.decode().partition(" ")
        return pool, owner
