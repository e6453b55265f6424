"""The engine on a real server beside a model of a pool, its holds and its row in Postgres.

`machine.py` says what may happen: holds opened, resized, claimed, taken over, given back, settled in any order and
again, released; sales that commit or fail as late as may be; capacities that change, refunds, a cancelled session,
ended sales; rows that are read early and written late; requests and replies that are lost; a wiped Redis, a restored
Postgres; and time, which stops right before, at and after everything that ends (`clock.py` says how).

After every step the engine's answers are compared with the model's (`pool.py`), and it is checked that
- nothing was granted that Postgres has sold, or that a transaction may still sell to somebody else;
- what was granted could be sold, unless Redis was wiped, Postgres restored, or the capacity lowered;
- what is held is the sum of the live holds, none of them a moment past its end;
- what was refused, or never arrived, changed nothing;
- every key ends, a hold's key when the hold does, a pool's keys not before its last hold.

`HOLDFAST_MODEL_SCALE=20 pytest tests/model/test_engine_model.py --timeout=0` runs it twenty times as long.
"""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from holds.models import Timing
from service.embedded import EmbeddedRedis
from tests.model.clock import Clock, run_clocked
from tests.model.machine import EngineMachine
from tests.model.scale import SCALE

RUNS = settings(
    max_examples=150 * SCALE,
    stateful_step_count=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


def drive(url: str, clock: Clock, timing: Timing, runs: settings) -> None:
    with asyncio.Runner() as loop:
        machine = partial(EngineMachine, url, clock, loop, timing)
        run_state_machine_as_test(machine, settings=runs)  # type: ignore[arg-type]  # it calls any factory


def test_the_engine_does_what_the_model_says(
    redis_server: EmbeddedRedis, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_clocked(monkeypatch, tmp_path)
    drive(redis_server.url, clock, Timing(), RUNS)
