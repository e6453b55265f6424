"""What a pool and its holds are in Redis, written down as plainly as may be: what `holds/README.md` says, in Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holds.errors import HoldClaimed, HoldEmpty, HoldExpired, NotEnoughSeats, SalesEnded
from holds.models import Availability, Hold, HoldState, Inventory, Timing


@dataclass(slots=True)
class KnownClaim:
    """`token` None: its claimant never learned of it."""

    token: str | None
    claimed_at: int
    ends_at: int
    taken_over: bool


@dataclass(slots=True)
class KnownHold:
    owner: str
    seats: int
    opened_at: int
    reserved_at: int | None
    closes_at: int
    claim: KnownClaim | None = None

    @property
    def ends_at(self) -> int:
        return self.claim.ends_at if self.claim else self.closes_at

    def as_hold(self, pool: str, hold_id: str, now: int) -> Hold:
        state = HoldState.CLAIMED if self.claim else HoldState.OPEN
        times = (self.opened_at, self.reserved_at, self.closes_at, now)
        return Hold(hold_id, pool, self.owner, self.seats, state, *times)


@dataclass(slots=True)
class Register:
    row: Inventory
    fresh_until: int
    written_at: int
    kept_until: int = 0


class Pool:
    """One pool. Its operations raise what the engine's do, and then change nothing; `row` is what a load would read."""

    def __init__(self, name: str, timing: Timing) -> None:
        self.name = name
        self.holds: dict[str, KnownHold] = {}
        self.register: Register | None = None
        self._timing = timing

    def pass_time(self, now: int) -> None:
        """Forget what is over."""
        self.holds = {hold_id: hold for hold_id, hold in self.holds.items() if hold.ends_at > now}
        if self.register and self.register.kept_until < now:
            self.register = None

    def wipe(self) -> None:
        self.holds, self.register = {}, None

    @property
    def held(self) -> int:
        return sum(hold.seats for hold in self.holds.values())

    def is_fresh(self, now: int) -> bool:
        return self.register is not None and now < self.register.fresh_until

    def availability(self, now: int) -> Availability | None:
        if self.register is None:
            return None
        row = self.register.row
        return Availability(row.capacity, row.sold, self.held, row.sales_end, row.version, self.is_fresh(now))

    def open(self, now: int, row: Inventory, owner: str, seats: Mapping[str, int], lifetime: int) -> None:
        register = self._deciding(now, row)
        if register.row.sales_end <= now:
            raise SalesEnded
        self._need(register, sum(seats.values()))
        closes_at = now + lifetime
        for hold_id, count in seats.items():
            self.holds[hold_id] = KnownHold(owner, count, now, now if count else None, closes_at)
        if register.kept_until < closes_at + self._timing.keep:
            register.kept_until = closes_at + 2 * self._timing.keep

    def resize(self, now: int, row: Inventory, owner: str, seats: Mapping[str, int]) -> None:
        growth = 0
        for hold_id, count in seats.items():
            hold = self._live(owner, hold_id)
            if hold.claim:
                raise HoldClaimed
            growth += count - hold.seats
        if growth > 0:
            register = self._deciding(now, row)
            if register.row.sales_end <= now:
                raise SalesEnded
            self._need(register, growth)
        for hold_id, count in seats.items():
            hold = self.holds[hold_id]
            if count != hold.seats and hold.reserved_at is None:
                hold.reserved_at = now
            hold.seats = count

    def claim(self, now: int, owner: str, hold_ids: Sequence[str], token: str | None, minimum: int) -> None:
        timing, claims = self._timing, {}
        for hold_id in hold_ids:
            hold = self._live(owner, hold_id)
            ends_at = max(hold.ends_at, now + timing.claim)
            if hold.claim:
                ends_at = hold.claim.ends_at
                if now - hold.claim.claimed_at <= timing.sale or ends_at - now < timing.sale + timing.lease:
                    raise HoldClaimed
            if hold.seats < minimum:
                raise HoldEmpty
            claims[hold_id] = KnownClaim(token, now, ends_at, taken_over=hold.claim is not None)
        for hold_id, claim in claims.items():
            self.holds[hold_id].claim = claim

    def unclaim(self, now: int, hold_ids: Sequence[str], token: str) -> None:
        for hold_id in hold_ids:
            hold = self.holds.get(hold_id)
            if hold and hold.claim and hold.claim.token == token and not hold.claim.taken_over:
                hold.claim = None
        self.pass_time(now)

    def settle(self, now: int, hold_ids: Sequence[str], row: Inventory, read_at: int) -> None:
        self._remove(hold_ids)
        self.write(now, row, read_at)

    def release(self, owner: str, hold_ids: Sequence[str]) -> None:
        for hold_id in hold_ids:
            hold = self.holds.get(hold_id)
            if hold and hold.owner == owner and hold.claim:
                raise HoldClaimed
        self._remove(hold_ids)

    def load(self, now: int, row: Inventory, read_at: int) -> None:
        if self.register is None:
            self.register = Register(row, read_at + self._timing.lease, now)
        else:
            self.write(now, row, read_at)
        last = max((hold.ends_at for hold in self.holds.values()), default=now)
        self.register.kept_until = max(now, last) + 2 * self._timing.keep

    def write(self, now: int, row: Inventory, read_at: int | None) -> None:
        register = self.register
        if register is None:
            return
        if row.version < register.row.version and (read_at is None or read_at <= register.written_at):
            return
        register.row, register.written_at = row, now
        if read_at is not None:
            register.fresh_until = max(register.fresh_until, read_at + self._timing.lease)

    def drop(self, now: int, version: int) -> None:
        known = self.register.row.version if self.register else 0
        closed = Inventory(capacity=0, sold=0, sales_end=0, version=max(version, known))
        self.holds, self.register = {}, Register(closed, now, now, now + self._timing.keep)

    def refresh_early(self, now: int, row: Inventory) -> None:
        """What follows a granted decision when the lease is half over."""
        if self.register is None or self.register.fresh_until - now < self._timing.lease / 2:
            self.load(now, row, now)

    def _live(self, owner: str, hold_id: str) -> KnownHold:
        hold = self.holds.get(hold_id)
        if hold is None or hold.owner != owner:
            raise HoldExpired
        return hold

    def _deciding(self, now: int, row: Inventory) -> Register:
        """The register with a lease, loaded if need be."""
        if not self.is_fresh(now):
            self.load(now, row, now)
        assert self.register is not None
        return self.register

    def _need(self, register: Register, seats: int) -> None:
        free = register.row.capacity - register.row.sold - self.held
        if seats > 0 and seats > free:
            raise NotEnoughSeats(max(free, 0))

    def _remove(self, hold_ids: Sequence[str]) -> None:
        for hold_id in hold_ids:
            self.holds.pop(hold_id, None)
