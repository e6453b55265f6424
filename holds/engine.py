"""The hold engine's operations: each is one script, run again where the script asks for it."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from random import getrandbits
from typing import Any

from holds import following, keys, lines
from holds.codes import Code
from holds.errors import HoldError, HoldExpired, HoldNotFound, NotNumbered, StoreUnavailable, TooManyHolds
from holds.models import Availability, Claim, Hold, HoldState, Inventory, Offer
from holds.pools import MAX_REPEATS, SCRIPTS, All, as_arguments
from holds.refusals import Unseated, refusal
from holds.runner import Argument
from holds.seats import MAX_PLANS, NumberedSeats, labels_of

__all__ = ["SCRIPTS", "HoldEngine"]

MAX_OFFERS = 100
ANY_NUMBER = 2**53


class HoldEngine(NumberedSeats):
    """Keeps seats of pools for owners. `load` reads a pool's row from the database, None when there is no such pool.

    `read_line` reads who waits for its seats, and the row's `line_version`, at one moment; only pools where that is
    above 0 are asked for. `read_seating` reads a seat plan by its name; a plan is read once, since it never changes.

    Every operation may raise `StoreUnavailable`, and what `load` raises. Those that take several holds of one pool
    change all or none of them.
    """

    async def open(
        self, pool: str, owner: str, seats: Mapping[str, int], *, lifetime: int, owner_limit: int, ahead: bool = False
    ) -> tuple[Hold, ...]:
        """Open holds, given as id to seats (0 or more), that close `lifetime` ms from now.

        Those who wait are served first, unless this is `ahead` of them: for who takes seats away from the pool itself.
        The owner may have `owner_limit` holds at once. Raises `TooManyHolds`, `SalesEnded`, `NotEnoughSeats` or
        `PoolNotFound`. Dying in between leaves an entry in the owner's set that lapses with the hold, or, where seats
        have numbers, a hold without seats that does.
        """
        try:
            return await self._open(pool, owner, seats, lifetime, owner_limit, ahead)
        except Unseated:  # where seats have numbers, only holds without seats are opened
            await self._open(pool, owner, dict.fromkeys(seats, 0), lifetime, owner_limit)
        try:
            return await self._resize_numbered(pool, owner, seats)
        except HoldError:
            await self.release(owner, list(seats))
            raise

    async def _open(
        self, pool: str, owner: str, seats: Mapping[str, int], lifetime: int, owner_limit: int, ahead: bool = False
    ) -> tuple[Hold, ...]:
        admitted = await self._runner.run(
            SCRIPTS["admit"], [keys.owner(owner)], [owner_limit, lifetime, self._timing.claim, *seats]
        )
        if admitted == Code.TOO_MANY:
            raise TooManyHolds
        reference = pool, owner
        writing = self._references.write(seats, reference, lifetime + self._timing.memory)
        arguments: list[Argument] = [owner, lifetime, self._timing.keep]
        for hold_id, count in seats.items():
            arguments += (hold_id, count)
        if ahead:
            arguments.append("ahead")
        try:
            reply = await self._decide(pool, SCRIPTS["open"], keys.of_pool(pool, seats), arguments)
            await All(writing)
        except StoreUnavailable:
            raise  # they may have been opened; if not, what was entered lapses
        except Exception:  # a refusal, or the database could not be read
            await All(self._references.remove(owner, list(seats)))
            raise
        now, _, closes_at = map(int, reply)
        opened = []
        for hold_id, count in seats.items():
            self._references.remember(hold_id, reference)
            reserved_at = now if count else None
            opened.append(Hold(hold_id, pool, owner, count, HoldState.OPEN, now, reserved_at, closes_at, now))
        return tuple(opened)

    async def resize(self, owner: str, seats: Mapping[str, int]) -> tuple[Hold, ...]:
        """Set the totals of the owner's open holds of one pool. Repeating it has the same end as doing it once.

        Where seats have numbers, a hold that has so many keeps them, and else gets the best ones side by side. Raises
        `HoldNotFound`, `HoldExpired`, `HoldClaimed`, `NotEnoughSeats` (with numbers `NoBlock`) or `SalesEnded` (when it
        would grow).
        """
        pool = await self._references.pool_of(owner, seats)
        for _ in range(MAX_PLANS):
            if self._plans.of(pool) is not None:
                with suppress(NotNumbered):
                    return await self._resize_numbered(pool, owner, seats)
            try:
                return await self._resize_counted(pool, owner, seats)
            except Unseated:
                self._plans.remember(pool, "")
        raise StoreUnavailable(f"{pool} has a plan whenever it is counted")

    async def _resize_counted(self, pool: str, owner: str, seats: Mapping[str, int]) -> tuple[Hold, ...]:
        arguments: list[Argument] = [owner, *map(keys.seats, seats), *seats.values()]
        try:
            reply = await self._decide(pool, SCRIPTS["resize"], keys.of_pool(pool, seats), arguments)
        except HoldExpired:
            raise await self._references.why_gone(seats) from None
        now, _, *moments = map(int, reply)
        resized, i = [], 0
        for hold_id, count in seats.items():
            opened_at, reserved_at, closes_at = moments[i : i + 3]
            resized.append(
                Hold(hold_id, pool, owner, count, HoldState.OPEN, opened_at, reserved_at or None, closes_at, now)
            )
            i += 3
        return tuple(resized)

    async def claim(self, owner: str, hold_ids: Sequence[str], *, minimum: int = 1) -> Claim:
        """Freeze the owner's holds of one pool, each of at least `minimum` seats, so that they can be sold.

        The sale's transaction must have ended at the claim's `deadline`. Raises `HoldNotFound`, `HoldExpired`,
        `HoldClaimed` or `HoldEmpty`.
        """
        pool = await self._references.pool_of(owner, hold_ids)
        timing, token = self._timing, f"{getrandbits(128):032x}"
        deadline = self._time() + timing.sale / 1_000
        arguments: list[Argument] = [owner, token, minimum, timing.sale, timing.lease, timing.claim, *hold_ids]
        try:
            reply = await self._runner.run(SCRIPTS["claim"], keys.of_pool(pool, hold_ids), arguments)
            if reply[0] != Code.OK:
                raise refusal(reply)
        except HoldExpired:
            raise await self._references.why_gone(hold_ids) from None
        holds = tuple(
            Hold(
                id=hold_id,
                pool=pool,
                owner=owner,
                seats=reply[i],
                state=HoldState.CLAIMED,
                opened_at=reply[i + 1],
                reserved_at=reply[i + 2] or None,
                closes_at=reply[i + 3],
                now=reply[1],
                labels=labels_of(reply[i + 4]),
                plan=reply[i + 5].decode(),
            )
            for i, hold_id in zip(range(2, len(reply), 6), hold_ids, strict=True)
        )
        return Claim(pool, owner, token, reply[1], deadline, holds)

    def unclaim(self, claim: Claim) -> Awaitable[Any]:
        """Give the claimed holds back, with their old end. Only when the sale has certainly failed. Sent at once.

        A claim that took another over stays until it lapses: nobody knows yet how the first sale ended.
        """
        hold_ids = [hold.id for hold in claim.holds]
        return self._runner.run(SCRIPTS["unclaim"], keys.of_pool(claim.pool, hold_ids), [claim.token, *hold_ids])

    def settle(self, pool: str, claims: Sequence[Claim], inventory: Inventory) -> Awaitable[Any]:
        """Remove the holds of `claims` on `pool`, which are sold, and write `inventory`, read after the last claim.

        Sent at once, so that a caller may settle many pools before it waits for any.
        """
        hold_ids = [hold.id for claim in claims for hold in claim.holds]
        read_at = max(claim.claimed_at for claim in claims)
        arguments = (*as_arguments(inventory), read_at, self._timing.lease, *hold_ids)
        settling = self._runner.run(SCRIPTS["settle"], keys.of_pool(pool, hold_ids), arguments)
        forgetting = [
            reply
            for claim in claims
            for reply in self._references.remove(claim.owner, [hold.id for hold in claim.holds])
        ]
        return All([settling, *forgetting])

    async def release(self, owner: str, hold_ids: Sequence[str]) -> None:
        """Give up open holds of one pool. Raises `HoldNotFound`, or `HoldClaimed`; holds that ended do not matter."""
        pool = await self._references.pool_of(owner, hold_ids)
        reply = await self._runner.run(SCRIPTS["release"], keys.of_pool(pool, hold_ids), [owner, *hold_ids])
        if reply[0] == Code.NOT_LIVE:
            raise HoldNotFound
        if reply[0] != Code.OK:
            raise refusal(reply)
        await All(self._references.remove(owner, hold_ids))

    async def get(self, owner: str, hold_id: str) -> Hold:
        """The owner's hold. Raises `HoldNotFound` or `HoldExpired`."""
        pool = await self._references.pool_of(owner, [hold_id])
        hold = await self._read(pool, hold_id)
        if hold is None:
            raise await self._references.why_gone([hold_id])
        return hold

    async def of_owner(self, owner: str) -> list[Hold]:
        """The owner's live holds, in no order. Three round trips, however many there are."""
        members: list[bytes] = await self._runner.command("ZRANGE", keys.owner(owner), 0, -1)
        return await self.find([member.decode() for member in members])

    async def find(self, hold_ids: Sequence[str]) -> list[Hold]:
        """Those of the holds that are live, whoever owns them. Two round trips, however many there are."""
        references = await self._references.find_all(hold_ids)
        reads = [
            self._read(reference[0], hold_id)
            for hold_id, reference in zip(hold_ids, references, strict=True)
            if reference is not None
        ]
        return [hold for hold in await asyncio.gather(*reads) if hold is not None]

    async def pools_of(self, owner: str, hold_ids: Sequence[str]) -> dict[str, list[str]]:
        """The owner's holds by pool, live or not. One round trip at most. Raises `HoldNotFound`."""
        pools: dict[str, list[str]] = {}
        for hold_id, reference in zip(hold_ids, await self._references.find_all(hold_ids), strict=True):
            if reference is None or reference[1] != owner:
                raise HoldNotFound
            pools.setdefault(reference[0], []).append(hold_id)
        return pools

    async def availability(self, pool: str) -> Availability | None:
        """What Redis knows of the pool, None when it knows nothing: nothing is held then."""
        return (await self._look(pool))[1]

    async def held(self, pools: Sequence[str]) -> list[int]:
        """How many seats are held in each of the pools, lapsed holds not counted. One round trip.

        A pool whose lease has run out is loaded in the background, so that drift ends where nobody but looks, too.
        """
        known = await asyncio.gather(*(self._look(pool) for pool in pools))
        for pool, (now, availability) in zip(pools, known, strict=True):
            if availability is not None and not availability.fresh:
                self._leases.renew(pool, now)
        return [availability.held if availability else 0 for _, availability in known]

    async def _look(self, pool: str) -> tuple[int, Availability | None]:
        """What Redis knows of the pool, and when it said so."""
        for _ in range(MAX_REPEATS):
            reply = await self._runner.run(SCRIPTS["availability"], keys.of_pool(pool), ())
            if reply[0] == Code.STALE:
                return reply[1], None
            if reply[0] != Code.MORE_DUE:
                _, now, fresh_until, capacity, sold, held, sales_end, version = reply
                return now, Availability(capacity, sold, held, sales_end, version, fresh=now < fresh_until)
        raise StoreUnavailable(f"holds of {pool} lapse faster than they are reaped")

    async def tick(self, pool: str) -> tuple[Offer, ...]:
        """Offer what is free to those who wait. All offers not acknowledged yet, whoever caused them, oldest first.

        At most `MAX_OFFERS`: acknowledge them and call again. From now on their owners can claim the holds. Raises
        `PoolNotFound`.
        """
        names = [keys.pool(pool), keys.holds(pool), keys.offers(pool), keys.entries(pool)]
        now, _, *words = await self._decide(pool, SCRIPTS["tick"], names, [MAX_OFFERS])
        offers = lines.offers(int(now), words)
        await All([reply for offer in offers for reply in self._hand_over(pool, offer)])
        return offers

    def _hand_over(self, pool: str, offer: Offer) -> list[Awaitable[Any]]:
        """Make its holds the owner's, whom the pool's script cannot reach. Repeating it changes nothing."""
        left, timing = offer.closes_at - offer.now, self._timing
        if left <= 0:
            return []
        entry: list[Argument] = [ANY_NUMBER, left, timing.claim, *offer.hold_ids]
        return [
            *self._references.write(offer.hold_ids, (pool, offer.owner), left + timing.memory),
            self._runner.run(SCRIPTS["admit"], [keys.owner(offer.owner)], entry),
        ]

    async def acknowledge(self, pool: str, entry_ids: Sequence[str], inventory: Inventory) -> None:
        """The offers of these entries are recorded, by a transaction that is committed. `inventory` is the pool's row
        after it, with a `line_version` of its own. Repeating it has the same end as doing it once.
        """
        names = [keys.pool(pool), keys.offers(pool), keys.entries(pool)]
        await self._runner.run(SCRIPTS["acknowledge"], names, [*as_arguments(inventory), *entry_ids])

    async def drop(self, pool: str, version: int) -> None:
        """Close the pool, whose row's newest version is given, and remove its holds, in bounded steps."""
        arguments = (version, self._timing.keep, keys.hold(pool, ""))
        more = 1
        while more:
            more, *removed = await self._runner.run(SCRIPTS["drop"], keys.of_pool(pool), arguments)
            pairs = zip(removed[::2], removed[1::2], strict=True)
            await asyncio.gather(
                *(self._runner.command("ZREM", keys.owner(owner.decode()), hold_id) for hold_id, owner in pairs)
            )

    async def follow(self, pool: str, after: str | None) -> following.News:
        """What changed in the pool since the change with the id `after`, lapses included, if that one is still known.

        Changes are written down for `following.WATCH` ms after this: ask again before. Raises `PoolNotFound`.
        """
        names = [*keys.of_pool(pool), keys.changes(pool)]
        _, _, *words = await self._decide(pool, SCRIPTS["follow"], names, [after or following.NONE, following.WATCH])
        return following.news(words)

    async def _read(self, pool: str, hold_id: str) -> Hold | None:
        reply = await self._runner.run(SCRIPTS["read"], [keys.hold(pool, hold_id), keys.pool(pool)], [hold_id])
        if not reply:
            return None
        now, owner, seats, state, opened_at, reserved_at, closes_at, labels, plan = reply
        return Hold(
            id=hold_id,
            pool=pool,
            owner=owner.decode(),
            seats=seats,
            state=HoldState(state.decode()),
            opened_at=opened_at,
            reserved_at=reserved_at or None,
            closes_at=closes_at,
            now=now,
            labels=labels_of(labels),
            plan=plan.decode(),
        )
