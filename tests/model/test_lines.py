"""The line of a pool, from Postgres to Redis and back: every state of a small world of it."""

from dataclasses import replace

import pytest

from tests.model.lines import Flaw, Guards, explore
from tests.model.scale import EXHAUSTIVE


@pytest.mark.parametrize("wipes", [0, 1] if EXHAUSTIVE else [0])
def test_nobody_is_overtaken_offered_twice_or_lost(wipes: int) -> None:
    explored = explore(Guards(wipes=wipes))
    assert (explored.flaw, explored.path) == (None, ())
    assert {"the line is written", "the seat is offered", "the public gets the seat"} <= explored.steps
    assert {"a worker dies", "a worker records the offers", "a worker acknowledges the offers"} <= explored.steps
    assert explored.states > 100_000


@pytest.mark.parametrize(
    ("guard", "flaw"),
    [
        ("due_decides_nothing", Flaw.OVERTAKEN),
        ("line_of_the_row_or_later", Flaw.OVERTAKEN),
        ("offers_are_left_out", Flaw.OFFERED_AGAIN),
        ("acknowledging_makes_due", Flaw.LOST),
        ("recording_changes_the_version", Flaw.OFFERED_AGAIN),
        ("recording_before_acknowledging", Flaw.OFFERED_AGAIN),
        ("status_decides", Flaw.TOLD_TWICE),
    ],
)
def test_each_guard_is_needed(guard: str, flaw: Flaw) -> None:
    explored = explore(replace(Guards(), **{guard: False}))
    assert explored.flaw is flaw, explored.path
