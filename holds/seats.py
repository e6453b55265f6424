"""The operations on pools whose seats have numbers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from holds import keys
from holds.codes import Code
from holds.errors import (
    HoldExpired,
    NoBlock,
    NotEnoughSeats,
    NotNumbered,
    SeatsTaken,
    StoreUnavailable,
    UnknownSeats,
)
from holds.models import HeldSeats, Hold, HoldState, SeatMap
from holds.pools import SCRIPTS, Pools
from holds.refusals import Unseated
from holds.runner import Argument
from holds.splitting import split

ANY = -1
UNKNOWN = "?"
"""Stands for a plan that no pool has: the script answers which one it is."""
MAX_PLANS = 5
"""How many plans a pool may have one after the other while somebody picks."""


def labels_of(words: bytes) -> tuple[str, ...]:
    """The labels of a hold's seats, as its key has them."""
    return tuple(words.decode().split())


class _Wish(NamedTuple):
    """How many seats a hold is to have, how many of them wheelchair places, and which cells, if they were chosen."""

    seats: int
    wheelchair: int = ANY
    cells: tuple[int, ...] = ()


class NumberedSeats(Pools):
    """Picks seats by their labels, finds the best ones side by side, and shows them all."""

    async def pick(self, owner: str, hold_id: str, labels: Sequence[str]) -> Hold:
        """Give the owner's open hold these seats, and no others. Repeating it has the same end as doing it once.

        Raises `SeatsTaken`, `UnknownSeats`, `NotNumbered`, what `resize` does, and `ValueError` for labels given twice.
        """
        if len(set(labels)) < len(labels):
            raise ValueError("a seat was given twice")
        pool = await self._references.pool_of(owner, [hold_id])
        name = self._plans.of(pool)
        for _ in range(MAX_PLANS):
            seating = await self._plans.get(name) if name else None
            unknown = tuple(label for label in labels if seating and label not in seating.positions)
            try:
                if seating is None or unknown:
                    await self._take(pool, owner, {hold_id: _Wish(0)}, UNKNOWN)
                else:
                    cells = tuple(seating.positions[label] for label in labels)
                    (hold,) = await self._take(pool, owner, {hold_id: _Wish(len(cells), ANY, cells)}, seating.plan)
                    return hold
            except Unseated as refused:
                if seating and refused.code == Code.TAKEN:
                    raise SeatsTaken(tuple(seating.labels[cell] for cell in refused.values)) from None
                now = refused.values[0].decode()
                if unknown and now == name:
                    raise UnknownSeats(unknown) from None
                name = now
                self._plans.remember(pool, now)
        raise StoreUnavailable(f"{pool} has another plan whenever somebody looks")

    async def pick_block(self, owner: str, hold_id: str, count: int, *, wheelchair: int = 0) -> Hold:
        """Give the owner's open hold the best `count` seats side by side, `wheelchair` of them wheelchair places.

        A hold that has so many, and so many of them wheelchair places, keeps its seats. Raises `NoBlock`,
        `NotNumbered`, and what `resize` does.
        """
        pool = await self._references.pool_of(owner, [hold_id])
        (hold,) = await self._take_blocks(pool, owner, {hold_id: _Wish(count, wheelchair)})
        return hold

    async def seats(self, pool: str) -> SeatMap:
        """Every seat of the pool at one moment. Raises `PoolNotFound` or `NotNumbered`."""
        names = [*keys.of_pool(pool), keys.seating(pool), keys.changes(pool)]
        granted = await self._decide(pool, SCRIPTS["seats"], names, ())
        now, _, capacity, sold, held, plan, hall, change, *seated = granted
        seating = await self._plans.get(plan.decode())
        holds = tuple(
            _seats_held(field.decode(), words.decode()) for field, words in zip(seated[::2], seated[1::2], strict=True)
        )
        return SeatMap(pool, now, seating, hall.decode(), holds, capacity, sold, held, change.decode())

    async def _resize_numbered(self, pool: str, owner: str, seats: Mapping[str, int]) -> tuple[Hold, ...]:
        """`resize` where seats have numbers."""
        return await self._take_blocks(pool, owner, {hold_id: _Wish(count) for hold_id, count in seats.items()})

    async def _take_blocks(self, pool: str, owner: str, wishes: Mapping[str, _Wish]) -> tuple[Hold, ...]:
        try:
            return await self._take(pool, owner, wishes, "")
        except NotEnoughSeats as refused:
            raise NoBlock(refused.free) from None
        except Unseated as refused:
            number, free, plan, hall = refused.values
        seating, wish = await self._plans.get(plan.decode()), list(wishes.values())[number - 1]
        raise NoBlock(free, split(seating, hall.decode(), wish.seats, max(wish.wheelchair, 0)))

    async def _take(self, pool: str, owner: str, wishes: Mapping[str, _Wish], plan: str) -> tuple[Hold, ...]:
        """Give the holds what they wish, all or none. `plan`: that of the cells that were chosen."""
        names = [*keys.of_pool(pool), keys.seating(pool), *(keys.hold(pool, hold_id) for hold_id in wishes)]
        arguments: list[Argument] = [owner, plan]
        for hold_id, wish in wishes.items():
            arguments += (hold_id, wish.seats, wish.wheelchair, " ".join(map(str, wish.cells)))
        try:
            granted = await self._decide(pool, SCRIPTS["pick"], names, arguments)
        except HoldExpired:
            raise await self._references.why_gone(wishes) from None
        except NotNumbered:
            self._plans.forget(pool)
            raise
        return tuple(_holds(pool, owner, list(wishes), [word.decode() for word in granted]))


def _holds(pool: str, owner: str, hold_ids: Sequence[str], words: Sequence[str]) -> list[Hold]:
    """What `pick` answers."""
    now, plan, holds, i = int(words[0]), words[2], [], 3
    for hold_id in hold_ids:
        opened_at, reserved_at, closes_at, count = map(int, words[i : i + 4])
        labels = tuple(words[i + 4 : i + 4 + count])
        holds.append(
            Hold(
                id=hold_id,
                pool=pool,
                owner=owner,
                seats=count,
                state=HoldState.OPEN,
                opened_at=opened_at,
                reserved_at=reserved_at or None,
                closes_at=closes_at,
                now=now,
                labels=labels,
                plan=plan if labels else "",
            )
        )
        i += 4 + count
    return holds


def _seats_held(field: str, words: str) -> HeldSeats:
    owner, closes_at, *positions = words.split()
    return HeldSeats(field.removeprefix("of:"), owner, tuple(map(int, positions)), int(closes_at))
