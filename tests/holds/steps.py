"""The steps that nearly every test takes."""

from itertools import count

from holds.engine import HoldEngine
from holds.models import Claim, Hold
from tests.holds.database import Database

MINUTE = 60_000
_numbers = count(1)


async def opened(
    engine: HoldEngine, pool: str, owner: str, seats: int = 0, *, lifetime: int = MINUTE, limit: int = 1_000
) -> Hold:
    """A new hold."""
    hold_id = f"bkg_{next(_numbers)}"
    (hold,) = await engine.open(pool, owner, {hold_id: seats}, lifetime=lifetime, owner_limit=limit)
    return hold


async def picked(engine: HoldEngine, pool: str, owner: str, *labels: str, lifetime: int = MINUTE) -> Hold:
    """A new hold with these seats."""
    hold = await opened(engine, pool, owner, lifetime=lifetime)
    return await engine.pick(owner, hold.id, labels)


async def sold(engine: HoldEngine, database: Database, hold: Hold) -> Claim:
    """Claim, commit and settle the hold."""
    claim = await engine.claim(hold.owner, [hold.id])
    await engine.settle(hold.pool, [claim], database.sell(hold.pool, hold.seats))
    return claim


async def free_seats(engine: HoldEngine, pool: str) -> int:
    known = await engine.availability(pool)
    assert known is not None
    return known.capacity - known.sold - known.held


def timeless(hold: Hold) -> Hold:
    """The hold without the moment at which it was read, to be compared."""
    return hold._replace(now=0)
