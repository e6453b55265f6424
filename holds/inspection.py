"""Looking at pools from outside: what operators and auditors ask, and no request."""

from collections.abc import Sequence
from dataclasses import dataclass

from holds import keys
from holds.codes import Code
from holds.models import HoldState, Inventory
from holds.pools import SCRIPTS
from holds.runner import ScriptRunner
from holds.seats import labels_of

MAX_SUMMED = 100_000
"""Holds of a pool that are summed in one step, which keeps Redis busy for some 15 ms; as many as `load` sums then."""


@dataclass(frozen=True, slots=True)
class PoolState:
    """A pool at one moment, `now` in ms by its node's clock.

    `held` is the register's own sum, `seats` what the holds add up to, None where there are more than `MAX_SUMMED`;
    both count those seats that have `lapsed` and are not reaped yet. `holds` and `indexed` count the holds by the
    pool's two indexes, which agree.
    """

    now: int
    fresh_until: int
    register: Inventory
    held: int
    holds: int
    indexed: int
    seats: int | None
    lapsed: int

    @property
    def closed(self) -> bool:
        """The pool was dropped; its holds may be on their way out."""
        return self.register.capacity == 0 and self.register.sales_end == 0


@dataclass(frozen=True, slots=True)
class LiveHold:
    """A hold that ends in `left` ms; while it is claimed, that is the end of its claim.

    `labels` are those of its seats, where the pool has a seat plan.
    """

    id: str
    pool: str
    owner: str
    seats: int
    state: HoldState
    left: int
    labels: tuple[str, ...]


async def state_of(runner: ScriptRunner, pool: str) -> PoolState | None:
    """The pool's state, None when Redis knows nothing of it. Raises `StoreUnavailable`."""
    reply = await runner.run(SCRIPTS["inspect"], [keys.pool(pool), keys.holds(pool)], [MAX_SUMMED])
    if reply[0] == Code.STALE:
        return None
    _, now, fresh_until, capacity, sold, held, sales_end, version, holds, indexed, plan, sold_cells, *sums = reply
    register = Inventory(capacity, sold, sales_end, version, plan=plan.decode(), sold_cells=sold_cells.decode())
    seats, lapsed = sums or (None, 0)
    return PoolState(now, fresh_until, register, held, holds, indexed, seats, lapsed)


async def live_holds(runner: ScriptRunner, pool: str, limit: int) -> tuple[int, Sequence[LiveHold]]:
    """How many live holds the pool has, and `limit` of them, the next to end first. Raises `StoreUnavailable`."""
    names = [keys.pool(pool), keys.holds(pool)]
    now, count, *fields = await runner.run(SCRIPTS["list"], names, [limit, keys.hold(pool, "")])
    listed = [
        LiveHold(
            hold_id.decode(),
            pool,
            owner.decode(),
            seats,
            HoldState(state.decode()),
            ends_at - now,
            labels_of(labels),
        )
        for hold_id, owner, seats, state, ends_at, labels in zip(*(fields[part::6] for part in range(6)), strict=True)
    ]
    return count, listed
