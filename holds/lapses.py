"""Holds that ended though nobody sold or released them, for whoever keeps their history.

They are kept in Redis for a while, in one list a pool, and are history alone: nothing is decided by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holds import keys, scripts
from holds.references import References
from holds.runner import ScriptRunner

MOST = 1_000
"""How many are taken at once."""
_LAPSES = scripts.load(Path(__file__).parent / "lua")["lapses"]


@dataclass(frozen=True, slots=True)
class Lapse:
    """A hold that ended at `ended_at` (ms) with `seats`. `dropped`: its pool was, before its time was over.

    The owner is None when that was forgotten.
    """

    id: str
    owner: str | None
    seats: int
    ended_at: int
    dropped: bool


class Lapses:
    """Takes lapsed holds from a pool: what was not taken to its end is there again, so that none is lost."""

    def __init__(self, runner: ScriptRunner) -> None:
        self._runner = runner
        self._references = References(runner)
        self._taken: dict[str, Sequence[bytes]] = {}

    async def take(self, pool: str) -> tuple[Sequence[Lapse], bool]:
        """The oldest `MOST`, those taken from the pool before being forgotten, and whether there are more.

        Raises `StoreUnavailable`.
        """
        taken = self._taken.pop(pool, ())
        names = [keys.pool(pool), keys.holds(pool), keys.lapsed(pool)]
        last = taken[-1] if taken else b""
        more_due, *notes = await self._runner.run(_LAPSES, names, [len(taken), last, MOST])
        if notes:
            self._taken[pool] = notes
        words = [note.decode().split() for note in notes]
        found = await self._references.find_all([hold_id for hold_id, *_ in words])
        lapses = [
            Lapse(
                id=hold_id,
                owner=owner[0] if owner else reference[1] if reference else None,
                seats=int(seats),
                ended_at=int(float(ended_at)),
                dropped=bool(owner),
            )
            for (hold_id, seats, ended_at, *owner), reference in zip(words, found, strict=True)
        ]
        return lapses, bool(notes) or more_due == 1
