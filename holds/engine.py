"""The hold engine's operations: each is one script, run again where the script asks for it."""

import asyncio
from collections.abc import Awaitable, Generator, Mapping, Sequence
from pathlib import Path
from random import getrandbits
from typing import Any

from holds import following, keys, lines, plans, scripts
from holds.codes import Code
from holds.errors import (
    HoldClaimed,
    HoldEmpty,
    HoldError,
    HoldExpired,
    HoldNotFound,
    NotEnoughSeats,
    PoolNotFound,
    SalesEnded,
    StoreUnavailable,
    TooManyHolds,
)
from holds.leases import Leases, Read
from holds.lines import ReadLine
from holds.models import Availability, Claim, Hold, HoldState, Inventory, Line, Offer, SeatMap, Timing
from holds.plans import ReadSeating
from holds.references import References
from holds.runner import Argument, ScriptRunner

SCRIPTS = scripts.load(Path(__file__).parent / "lua")
MAX_REPEATS = 1_000
"""How often a script may ask to be called again before Redis counts as unavailable."""
MAX_LOADS = 20
LOAD_PAUSE_SECONDS = 0.005
"""How often a call loads its pool, after pauses that grow by this: a line that changes all the time may be out of date
again whenever it comes. In all that is a second.
"""
MAX_OFFERS = 100
ANY_NUMBER = 2**53


class HoldEngine:
    """Keeps seats of pools for owners. `load` reads a pool's row from the database, None when there is no such pool.

    `read_line` reads who waits for its seats, and the row's `line_version`, at one moment; only pools where that is
    above 0 are asked for. `read_seating` reads a seat plan by its name; a plan is read once, since it never changes.

    Every operation may raise `StoreUnavailable`, and what `load` raises. Those that take several holds of one pool
    change all or none of them.
    """

    def __init__(
        self,
        runner: ScriptRunner,
        load: Read,
        timing: Timing | None = None,
        *,
        read_line: ReadLine = lines.no_line,
        read_seating: ReadSeating = plans.no_seating,
    ) -> None:
        self._time = asyncio.get_running_loop().time
        self._runner = runner
        self._timing = timing or Timing()
        self._references = References(runner)
        self._leases = Leases(load, self._load_whole)
        self._read_line = read_line
        self._read_seating = read_seating

    async def open(
        self, pool: str, owner: str, seats: Mapping[str, int], *, lifetime: int, owner_limit: int
    ) -> tuple[Hold, ...]:
        """Open holds, given as id to seats (0 or more), that close `lifetime` ms from now.

        The owner may have `owner_limit` holds at once. Raises `TooManyHolds`, `SalesEnded`, `NotEnoughSeats` or
        `PoolNotFound`. Dying in between leaves an entry in the owner's set that lapses with the hold.
        """
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
        try:
            reply = await self._decide(pool, SCRIPTS["open"], _pool_keys(pool, seats), arguments)
            await _All(writing)
        except StoreUnavailable:
            raise  # they may have been opened; if not, what was entered lapses
        except Exception:  # a refusal, or the database could not be read
            await _All(self._references.remove(owner, list(seats)))
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

        Raises `HoldNotFound`, `HoldExpired`, `HoldClaimed`, `NotEnoughSeats` or `SalesEnded` (when it would grow).
        """
        pool = await self._references.pool_of(owner, seats)
        arguments: list[Argument] = [owner, *map(keys.seats, seats), *seats.values()]
        try:
            reply = await self._decide(pool, SCRIPTS["resize"], _pool_keys(pool, seats), arguments)
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

    async def pick(self, owner: str, hold_id: str, labels: Sequence[str]) -> Hold:
        """Give the owner's open hold these seats, and no others. Repeating it has the same end as doing it once.

        Raises `SeatsTaken`, `UnknownSeats`, `NotNumbered`, what `resize` does, and `ValueError` for labels given twice.
        """
        raise NotImplementedError

    async def pick_block(self, owner: str, hold_id: str, count: int, *, wheelchair: int = 0) -> Hold:
        """Give the owner's open hold the best `count` seats side by side, `wheelchair` of them wheelchair places.

        A hold that has so many, and so many of them wheelchair places, keeps its seats. Raises `NoBlock`,
        `NotNumbered`, and what `resize` does.
        """
        raise NotImplementedError

    async def seats(self, pool: str) -> SeatMap:
        """Every seat of the pool at one moment. Raises `PoolNotFound` or `NotNumbered`."""
        raise NotImplementedError

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
            reply = await self._runner.run(SCRIPTS["claim"], _pool_keys(pool, hold_ids), arguments)
            if reply[0] != Code.OK:
                raise _refusal(reply)
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
            )
            for i, hold_id in zip(range(2, len(reply), 4), hold_ids, strict=True)
        )
        return Claim(pool, owner, token, reply[1], deadline, holds)

    def unclaim(self, claim: Claim) -> Awaitable[Any]:
        """Give the claimed holds back, with their old end. Only when the sale has certainly failed. Sent at once.

        A claim that took another over stays until it lapses: nobody knows yet how the first sale ended.
        """
        hold_ids = [hold.id for hold in claim.holds]
        return self._runner.run(SCRIPTS["unclaim"], _pool_keys(claim.pool, hold_ids), [claim.token, *hold_ids])

    def settle(self, pool: str, claims: Sequence[Claim], inventory: Inventory) -> Awaitable[Any]:
        """Remove the holds of `claims` on `pool`, which are sold, and write `inventory`, read after the last claim.

        Sent at once, so that a caller may settle many pools before it waits for any.
        """
        hold_ids = [hold.id for claim in claims for hold in claim.holds]
        read_at = max(claim.claimed_at for claim in claims)
        arguments = (*_row(inventory), read_at, self._timing.lease, *hold_ids)
        settling = self._runner.run(SCRIPTS["settle"], _pool_keys(pool, hold_ids), arguments)
        forgetting = [
            reply
            for claim in claims
            for reply in self._references.remove(claim.owner, [hold.id for hold in claim.holds])
        ]
        return _All([settling, *forgetting])

    async def release(self, owner: str, hold_ids: Sequence[str]) -> None:
        """Give up open holds of one pool. Raises `HoldNotFound`, or `HoldClaimed`; holds that ended do not matter."""
        pool = await self._references.pool_of(owner, hold_ids)
        reply = await self._runner.run(SCRIPTS["release"], _pool_keys(pool, hold_ids), [owner, *hold_ids])
        if reply[0] == Code.NOT_LIVE:
            raise HoldNotFound
        if reply[0] != Code.OK:
            raise _refusal(reply)
        await _All(self._references.remove(owner, hold_ids))

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
            reply = await self._runner.run(SCRIPTS["availability"], _pool_keys(pool, ()), ())
            if reply[0] == Code.STALE:
                return reply[1], None
            if reply[0] != Code.MORE_DUE:
                _, now, fresh_until, capacity, sold, held, sales_end, version = reply
                return now, Availability(capacity, sold, held, sales_end, version, fresh=now < fresh_until)
        raise StoreUnavailable(f"holds of {pool} lapse faster than they are reaped")

    async def write(self, pool: str, inventory: Inventory) -> None:
        """Tell the pool of a row that has just changed. Its lease is not prolonged; an absent pool stays absent."""
        await self._runner.run(SCRIPTS["write"], [keys.pool(pool)], _row(inventory))

    async def tick(self, pool: str) -> tuple[Offer, ...]:
        """Offer what is free to those who wait. All offers not acknowledged yet, whoever caused them, oldest first.

        At most `MAX_OFFERS`: acknowledge them and call again. From now on their owners can claim the holds. Raises
        `PoolNotFound`.
        """
        names = [keys.pool(pool), keys.holds(pool), keys.offers(pool), keys.entries(pool)]
        now, _, *words = await self._decide(pool, SCRIPTS["tick"], names, [MAX_OFFERS])
        offers = lines.offers(int(now), words)
        await _All([reply for offer in offers for reply in self._hand_over(pool, offer)])
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
        await self._runner.run(SCRIPTS["acknowledge"], names, [*_row(inventory), *entry_ids])

    async def drop(self, pool: str, version: int) -> None:
        """Close the pool, whose row's newest version is given, and remove its holds, in bounded steps."""
        arguments = (version, self._timing.keep, keys.hold(pool, ""))
        more = 1
        while more:
            more, *removed = await self._runner.run(SCRIPTS["drop"], _pool_keys(pool, ()), arguments)
            pairs = zip(removed[::2], removed[1::2], strict=True)
            await asyncio.gather(
                *(self._runner.command("ZREM", keys.owner(owner.decode()), hold_id) for hold_id, owner in pairs)
            )

    async def follow(self, pool: str, after: str | None) -> following.News:
        """What changed in the pool since the change with the id `after`, lapses included, if that one is still known.

        Changes are written down for `following.WATCH` ms after this: ask again before. Raises `PoolNotFound`.
        """
        names = [*_pool_keys(pool, ()), keys.changes(pool)]
        _, _, *words = await self._decide(pool, SCRIPTS["follow"], names, [after or following.NONE, following.WATCH])
        return following.news(words)

    async def close(self) -> None:
        """Wait for the loads under way."""
        await self._leases.close()

    async def _decide(
        self, pool: str, script: scripts.Script, names: Sequence[str], arguments: Sequence[Argument]
    ) -> list[bytes]:
        """What a script that needs the pool's register granted: now, the end of its lease, and what else it has to say.

        The pool is loaded where its lease has run out. A busy one is loaded in the background before its lease ends,
        so that nobody waits for it.
        """
        loads = 0
        for _ in range(MAX_REPEATS):
            reply = await self._runner.run(script, names, arguments)
            if isinstance(reply, bytes):
                granted = reply.split()
                now = int(granted[0])
                if int(granted[1]) - now < self._timing.lease / 2:
                    self._leases.renew(pool, now)
                return granted
            if reply[0] == Code.STALE and loads < MAX_LOADS:
                if loads:
                    await asyncio.sleep(loads * LOAD_PAUSE_SECONDS)
                loads += 1
                await self._leases.renewed(pool, reply[1])
            elif reply[0] == Code.STALE:
                break
            elif reply[0] != Code.MORE_DUE:
                raise _refusal(reply)
        raise StoreUnavailable(f"{pool} stays stale, or holds lapse faster than they are reaped")

    async def _load_whole(self, pool: str, inventory: Inventory, read_at: int) -> None:
        """Write the pool's row, and the line where the slot has another one than the row tells of."""
        _, line_is_due = await self.load(pool, inventory, read_at)
        if line_is_due:
            line = await self._read_line(pool)
            if line is None:
                raise PoolNotFound(pool)
            await self.load_line(pool, line)

    def load_line(self, pool: str, line: Line) -> Awaitable[Any]:
        """Write who waits, unless the pool has this line or knows of a newer one. Sent at once."""
        names = [keys.pool(pool), keys.line(pool), keys.offers(pool), keys.entries(pool)]
        return self._runner.run(SCRIPTS["line"], names, lines.as_arguments(line, self._timing.keep))

    def load(self, pool: str, inventory: Inventory, read_at: int) -> Awaitable[Any]:
        """Write the pool's row, creating the pool. `read_at`: a moment by its node's clock before the row was read.

        Sent at once.
        """
        arguments = [*_row(inventory), read_at, self._timing.lease, self._timing.keep, keys.hold(pool, "")]
        return self._runner.run(SCRIPTS["load"], _pool_keys(pool, ()), arguments)

    async def _read(self, pool: str, hold_id: str) -> Hold | None:
        reply = await self._runner.run(SCRIPTS["read"], [keys.hold(pool, hold_id), keys.pool(pool)], [hold_id])
        if not reply:
            return None
        now, owner, seats, state, opened_at, reserved_at, closes_at = reply
        state = HoldState(state.decode())
        return Hold(hold_id, pool, owner.decode(), seats, state, opened_at, reserved_at or None, closes_at, now)


def _pool_keys(pool: str, hold_ids: Sequence[str] | Mapping[str, int]) -> list[str]:
    return [
        keys.pool(pool),
        keys.holds(pool),
        *(keys.hold(pool, hold_id) for hold_id in hold_ids),
    ]


def _row(inventory: Inventory) -> list[Argument]:
    return [inventory.version, inventory.capacity, inventory.sold, inventory.sales_end, inventory.line_version]


class _All:
    """Awaits every reply to what was sent. `asyncio.gather` would cost more than sending it did."""

    def __init__(self, replies: Sequence[Awaitable[Any]]) -> None:
        self._replies = replies

    def __await__(self) -> Generator[Any, Any, None]:
        for reply in self._replies:
            yield from reply.__await__()


def _refusal(reply: Any) -> HoldError:
    """What a reply other than OK means."""
    match Code(reply[0]):
        case Code.SALES_ENDED:
            return SalesEnded()
        case Code.NOT_ENOUGH:
            return NotEnoughSeats(reply[1])
        case Code.CLAIMED:
            return HoldClaimed()
        case Code.TOO_FEW_SEATS:
            return HoldEmpty()
        case Code.NOT_LIVE:
            return HoldExpired()
        case code:
            raise AssertionError(f"unexpected reply {code!r}")
