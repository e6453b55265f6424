"""The confirming protocol: every state of a small world, then the argument about its times on the real engine.

`HOLDFAST_MODEL_SCALE=2` explores a larger world too (two loads at once beside everything else), in about half a minute.
"""

import pytest

from holds.engine import HoldEngine
from holds.errors import NotEnoughSeats
from holds.models import Inventory, Timing
from tests.holds.conftest import ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import opened
from tests.model.conftest import ANN, BEN, POOL, NewWorker, Raw
from tests.model.protocol import explore
from tests.model.scale import EXHAUSTIVE
from tests.model.states import Rules, Violation

TAKING_OVER = "a worker takes over to confirm"
SCALED = {"sale": 150, "lease": 300, "memory": 600}
LARGER = pytest.mark.skipif(not EXHAUSTIVE, reason="HOLDFAST_MODEL_SCALE is 1")


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(Rules(), id="all"),
        pytest.param(Rules(cancelling=False, dropping=False, loads=2), id="two loads"),
        pytest.param(Rules(dropping=False, attempts=3, claim=7), id="three workers"),
        pytest.param(Rules(dropping=False, sale=2, lease=3, life=2), id="finer time"),
        pytest.param(Rules(loads=2), id="two loads beside all", marks=LARGER),
    ],
)
def test_no_seat_is_granted_that_can_be_sold(rules: Rules) -> None:
    explored = explore(rules)
    assert (explored.violation, explored.path) == (None, ())
    assert TAKING_OVER in explored.steps
    assert explored.states > 3_000


@pytest.mark.parametrize("rules", [Rules(claim=3), Rules(claim=5, sale=2, lease=3, dropping=False), Rules(claim=4)])
def test_a_claim_of_a_sale_and_a_lease_is_safe_but_never_retried(rules: Rules) -> None:
    explored = explore(rules)
    assert explored.violation is None
    assert TAKING_OVER not in explored.steps


@pytest.mark.parametrize("rules", [Rules(claim=2), Rules(claim=4, sale=2, lease=3, dropping=False)])
def test_a_shorter_claim_lets_a_sold_seat_be_granted(rules: Rules) -> None:
    """The register may have been read just before the sale committed, and outlives the claim."""
    explored = explore(rules)
    assert explored.violation is Violation.SOLD_SEAT_GRANTED
    assert explored.path[-1] == "a load writes"


@pytest.mark.parametrize(
    ("rules", "violation", "last"),
    [
        (Rules(dropping=False, version_guard=False), Violation.SOLD_SEAT_GRANTED, "a load writes"),
        (Rules(version_guard=False), Violation.DROPPED_POOL_REVIVED, "a worker settles"),
        (Rules(lease_guard=False), Violation.SOLD_SEAT_GRANTED, "a tick"),
        (Rules(dropping=False, read_at_before_reading=False), Violation.SOLD_SEAT_GRANTED, "a load writes"),
        (Rules(read_at_before_reading=False), Violation.DROPPED_POOL_REVIVED, "a load writes"),
        (Rules(takeover_guard=False), Violation.SOLD_SEAT_GRANTED, "a load writes"),
        (Rules(unclaim_guard=False), Violation.SOLD_SEAT_GRANTED, "a load writes"),
        (Rules(primary_key=False), Violation.TWO_OUTCOMES, "a cancelled booking commits"),
        (Rules(drop_keeps_register=False), Violation.DROPPED_POOL_REVIVED, "a load creates the pool"),
    ],
)
def test_each_guard_is_needed(rules: Rules, violation: Violation, last: str) -> None:
    explored = explore(rules)
    assert explored.violation is violation, explored.path
    assert explored.path[-1] == last


class UnboundTiming(Timing):
    """Durations that the engine refuses, to show why."""

    def __post_init__(self) -> None:
        pass


def test_the_engine_refuses_claims_that_are_too_short() -> None:
    with pytest.raises(ValueError, match="two sales and a lease"):
        Timing(claim=599, **SCALED)
    Timing(claim=600, **SCALED)


async def sell_beside_a_load(worker: HoldEngine, database: Database, raw: Raw, timing: Timing) -> tuple[Inventory, int]:
    """Claim the only seat, and commit its sale as late as may be; give what a load read right before, and when."""
    hold = await opened(worker, POOL, ANN, 1, lifetime=100)
    async with ends_before(raw, hold.closes_at):
        claim = await worker.claim(ANN, [hold.id])
    await wait_until(raw, claim.claimed_at + timing.sale - 50)
    read_at, row = await now_of(raw), database.rows[POOL]
    async with ends_before(raw, claim.claimed_at + timing.sale):
        database.sell(POOL, 1)
    await wait_until(raw, claim.claimed_at + timing.claim)
    return row, read_at


@pytest.mark.parametrize("claim", [270, 450, 600])
async def test_the_times_on_the_real_engine(new_worker: NewWorker, database: Database, raw: Raw, claim: int) -> None:
    """The shortest run that sells a granted seat, step by step. It does with `C < T + L`, and not from `T + L` up.

    The worker that sold dies before it settles, and a slow load is written right after the claim lapsed.
    """
    timing = UnboundTiming(claim=claim, **SCALED)
    worker = await new_worker(timing)
    database.add(POOL, 1)

    row, read_at = await sell_beside_a_load(worker, database, raw, timing)
    if claim < timing.sale + timing.lease:
        async with ends_before(raw, read_at + timing.lease):
            await worker.load(POOL, row, read_at)
            await opened(worker, POOL, BEN, 1)
    else:
        await worker.load(POOL, row, read_at)
        with pytest.raises(NotEnoughSeats):
            await opened(worker, POOL, BEN, 1)
    assert database.rows[POOL].sold == 1
