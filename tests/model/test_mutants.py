"""The model test finds what it is there to find: it fails without a guard of the scripts, and with times too short.

All mutants take some minutes, so by default a few are tried; `HOLDFAST_MODEL_SCALE=2` tries all.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from redis.exceptions import ResponseError

from holds.models import Timing
from service.embedded import EmbeddedRedis
from tests.model.clock import Clock, run_clocked
from tests.model.mutants import MUTANTS
from tests.model.scale import EXHAUSTIVE
from tests.model.test_engine_model import drive
from tests.model.test_register_protocol import UnboundTiming

FEW = ("resize beyond what is free", "never reap", "claim what is claimed", "believe an older version")
RUNS = settings(
    max_examples=500,
    stateful_step_count=50,
    deadline=None,
    phases=[Phase.generate],
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mutant", MUTANTS if EXHAUSTIVE else FEW)
def test_a_missing_guard_is_found(
    redis_server: EmbeddedRedis, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutant: str
) -> None:
    run_clocked(monkeypatch, tmp_path, [MUTANTS[mutant]])
    with pytest.raises((AssertionError, ResponseError)):
        drive(redis_server.url, clock, Timing(), RUNS)


def test_a_claim_shorter_than_a_sale_and_a_lease_oversells(
    redis_server: EmbeddedRedis, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`C` is a second less than `T + L`: engine and model agree, and seats are granted that are sold."""
    run_clocked(monkeypatch, tmp_path)
    with pytest.raises(AssertionError, match="oversold"):
        drive(redis_server.url, clock, UnboundTiming(claim=14_000), RUNS)
