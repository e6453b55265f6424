"""The periodic audit: by one process at a time, told in metrics and log lines, and going on after outages."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from holds import keys
from service.audit.job import AuditJob
from service.resources import Resources
from service.settings import Settings
from tests.service.audit.conftest import NewCaller, Raw
from tests.service.bookings.conftest import NewSession


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # metrics set no event
            await asyncio.sleep(0.01)


async def audits(count: int) -> None:
    """Wait for so many audits to end."""
    for _ in range(count):
        last = value("holdfast_audit_finished_timestamp_seconds")
        await until(lambda last=last: value("holdfast_audit_finished_timestamp_seconds") > last)  # type: ignore[misc]


@pytest.fixture
def job(resources: Resources, settings: Settings) -> AuditJob:
    return AuditJob(settings.model_copy(update={"audit_seconds": 0.05}), resources.redis)


async def test_drift_is_a_metric_and_a_log_line(
    job: AuditJob, caller: NewCaller, new_session: NewSession, raw: Raw
) -> None:
    ann, showing = await caller(), await new_session()
    await ann.reserved(showing.session, 2)
    found = value("holdfast_audit_drifts_total", kind="held")
    with capture_logs() as lines:
        async with job.running():
            await audits(2)
            assert (value("holdfast_audit_drift", kind="held"), lines) == (0, [])
            assert (value("holdfast_audit_pools"), value("holdfast_held_seats")) == (1, 2)
            await raw.hincrby(keys.pool(showing.session), "free", -5)
            await audits(2)
            assert value("holdfast_audit_drift", kind="held") == 1
            assert value("holdfast_audit_drift", kind="register") == 0
            assert value("holdfast_audit_drifts_total", kind="held") > found
            await raw.hincrby(keys.pool(showing.session), "free", 5)
            await audits(2)
            assert value("holdfast_audit_drift", kind="held") == 0
    assert lines[0] == {
        "event": "audit_drift",
        "log_level": "error",
        "pool": showing.session,
        "kind": "held",
        "redis": {"held": 7, "seats_of_live_holds": 2},
        "postgres": {},
    }


async def test_one_process_audits_and_another_takes_over(
    resources: Resources, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the lock, both audit."""
    often = settings.model_copy(update={"audit_seconds": 0.05})
    jobs = [AuditJob(often, resources.redis) for _ in range(2)]
    auditing: list[int] = []
    for number, job in enumerate(jobs):
        look = job._auditor.look

        async def noted(connection: object, number: int = number, look: object = look) -> object:
            auditing.append(number)
            return await look(connection)  # type: ignore[operator]

        monkeypatch.setattr(job._auditor, "look", noted)
    async with jobs[1].running():
        async with jobs[0].running():
            await until(lambda: len(auditing) > 10)
            first = auditing[0]
            assert set(auditing) == {first}
            if first == 1:
                return
        await until(lambda: auditing[-1] == 1)


async def test_it_goes_on_after_its_connection_was_lost(job: AuditJob, settings: Settings) -> None:
    async with job.running():
        await audits(1)
        failures = value("holdfast_audit_failures_total")
        connection = await asyncpg.connect(settings.database_url)
        ended = await connection.fetchval(
            """
            SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
            WHERE locktype = 'advisory' AND datname = current_database()
            """
        )
        await connection.close()
        assert ended
        await until(lambda: value("holdfast_audit_failures_total") > failures)
        await audits(2)


async def test_it_can_be_turned_off(resources: Resources, settings: Settings) -> None:
    before = value("holdfast_audit_finished_timestamp_seconds")
    async with AuditJob(settings, resources.redis).running():
        await asyncio.sleep(0.1)
    assert value("holdfast_audit_finished_timestamp_seconds") == before
