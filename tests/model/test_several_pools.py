"""Sales of several pools: every state of two pools that are sold together."""

from dataclasses import replace

import pytest

from tests.model.several_pools import Flaw, Guards, explore
from tests.model.states import Rules

RULES = Rules(loads=0, cancelling=False, dropping=False)
LARGER = [replace(RULES, sale=2, lease=3, life=9), replace(RULES, attempts=3, life=6)]


@pytest.mark.parametrize("rules", [RULES, *LARGER])
def test_each_pool_sees_what_a_sale_of_one_pool_does_and_both_are_sold_or_none(rules: Rules) -> None:
    explored = explore(rules, Guards())
    assert (explored.flaw, explored.path) == (None, ())
    assert {"a worker takes over to confirm the first", "a worker takes over to confirm the second"} <= explored.steps
    assert {"a sale commits", "a sale finds the booking settled", "a worker settles", "a worker unclaims"} <= (
        explored.steps
    )
    assert explored.states > 600


@pytest.mark.parametrize(
    ("guards", "flaw", "last"),
    [
        (Guards(earliest_deadline=False), Flaw.NOT_OF_THE_PROTOCOL, "a sale commits"),
        (Guards(one_transaction=False), Flaw.SOLD_IN_PART, "a sale commits"),
    ],
)
def test_each_guard_is_needed(guards: Guards, flaw: Flaw, last: str) -> None:
    explored = explore(RULES, guards)
    assert explored.flaw is flaw
    assert explored.path[-1] == last
