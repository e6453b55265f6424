"""Running jobs: until they succeed, and never less."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from service.backoffice.jobs.queries import retry
from service.embedded import EmbeddedPostgres
from service.jobs import execution, runner
from service.jobs.execution import pause
from service.jobs.failures import PermanentFailure
from service.jobs.job import Job, Payload, Tick
from service.jobs.outbox import NewJob, enqueue_all
from service.jobs.resources import JobResources
from service.postgres import Postgres
from service.settings import Settings
from tests.service.jobs.conftest import Outbox
from tests.service.jobs.dying import dying_workers
from tests.service.jobs.running import SHORT_LEASE, running_jobs
from tests.service.outages import stopped
from tests.service.waiting import until

Done = list[object]


def job(work: Callable[[Payload], Awaitable[None]], **how: float) -> Job:
    async def run(resources: JobResources, payload: Payload) -> None:
        await work(payload)

    return Job("work", run, **how)  # type: ignore[arg-type]


async def queue(postgres: Postgres, *payloads: Payload) -> None:
    async with postgres.transaction() as connection:
        await enqueue_all(connection, [NewJob("work", payload) for payload in payloads])


async def test_jobs_run_in_order_and_are_gone(settings: Settings, postgres: Postgres, outbox: Outbox) -> None:
    done = Done()

    async def work(payload: Payload) -> None:
        done.append(payload["n"])

    await queue(postgres, *({"n": n} for n in range(12)))
    async with running_jobs(settings, [job(work)], []):
        await until(outbox.is_empty)
    assert done == list(range(12))


async def test_no_more_of_a_kind_run_at_once_than_it_says(
    settings: Settings, postgres: Postgres, outbox: Outbox
) -> None:
    running, most = 0, 0

    async def work(payload: Payload) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    await queue(postgres, *({} for _ in range(20)))
    limited = job(work, at_once=3)
    async with running_jobs(settings, [limited], []), running_jobs(settings, [limited], []):
        await until(outbox.is_empty)
    assert 1 < most <= 3


async def test_a_failing_job_is_tried_again_until_it_succeeds(
    settings: Settings, postgres: Postgres, outbox: Outbox
) -> None:
    attempts = Done()

    async def work(payload: Payload) -> None:
        attempts.append(payload)
        if len(attempts) < 4:
            raise OSError("not yet")

    await queue(postgres, {})
    async with running_jobs(settings, [job(work)], []):
        await until(outbox.is_empty)
    assert len(attempts) == 4


async def test_a_job_that_keeps_failing_is_kept_with_its_last_error(
    settings: Settings, postgres: Postgres, outbox: Outbox
) -> None:
    async def work(payload: Payload) -> None:
        raise OSError("never")

    await queue(postgres, {})
    async with running_jobs(settings.model_copy(update={"job_attempts": 3}), [job(work)], []):
        await until(outbox.has_failed)
    async with postgres.acquire() as connection:
        told = await connection.fetch("SELECT traceback FROM pgqueuer_log WHERE traceback IS NOT NULL ORDER BY id")
    assert [entry["traceback"]["exception_message"] for entry in told] == ["OSError: never", "OSError: never", "never"]


async def test_a_permanent_failure_is_kept_at_once(settings: Settings, postgres: Postgres, outbox: Outbox) -> None:
    attempts = Done()

    async def work(payload: Payload) -> None:
        attempts.append(payload)
        raise PermanentFailure("there is no such mailbox")

    await queue(postgres, {})
    async with running_jobs(settings, [job(work)], []):
        await until(outbox.has_failed)
    assert len(attempts) == 1


async def test_an_attempt_that_takes_too_long_is_ended_and_tried_again(
    settings: Settings, postgres: Postgres, outbox: Outbox
) -> None:
    attempts = Done()

    async def work(payload: Payload) -> None:
        attempts.append(payload)
        if len(attempts) == 1:
            await asyncio.sleep(3_600)

    await queue(postgres, {})
    async with running_jobs(settings, [job(work, seconds=0.05)], []):
        await until(outbox.is_empty)
    assert len(attempts) == 2


async def test_a_stopped_worker_finishes_what_it_runs(settings: Settings, postgres: Postgres, outbox: Outbox) -> None:
    started, finished = asyncio.Event(), asyncio.Event()

    async def work(payload: Payload) -> None:
        started.set()
        await asyncio.sleep(0.1)
        finished.set()

    await queue(postgres, {})
    async with running_jobs(settings, [job(work)], []):
        await started.wait()
    assert finished.is_set()
    assert await outbox.is_empty()


async def test_what_a_stopped_worker_cannot_finish_is_queued_again(
    settings: Settings, postgres: Postgres, outbox: Outbox
) -> None:
    """With `CancelledError` let through by `Execution`, pgqueuer deletes the job."""
    started = asyncio.Event()

    async def work(payload: Payload) -> None:
        started.set()
        await asyncio.sleep(3_600)

    await queue(postgres, {})
    drain_seconds, runner.DRAIN_SECONDS = runner.DRAIN_SECONDS, 0.05
    try:
        async with running_jobs(settings, [job(work)], []):
            await started.wait()
    finally:
        runner.DRAIN_SECONDS = drain_seconds
    [left] = await outbox.jobs()
    assert (left["status"], left["queue_manager_id"]) == ("queued", None)


async def test_a_job_that_kills_its_workers_is_kept_in_the_end(
    settings: Settings, postgres: Postgres, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `_count_deaths` it is run again, by each worker. In between it waits, as jobs that fail do."""
    monkeypatch.setattr(execution, "MOST_DEATHS", 2)
    done = Done()

    async def work(payload: Payload) -> None:
        done.append(payload)

    await queue(postgres, {})
    settings = settings.model_copy(update=SHORT_LEASE)
    async with dying_workers(settings) as die_once:
        await die_once()
        await die_once()
    async with running_jobs(settings, [job(work)], []):
        await until(outbox.has_failed)
    async with postgres.acquire() as connection:
        told = await connection.fetch("SELECT traceback FROM pgqueuer_log WHERE traceback IS NOT NULL ORDER BY id")
        [job_id] = [row["id"] for row in await outbox.jobs()]
        assert [entry["traceback"]["exception_message"] for entry in told] == [
            "WorkerDied: The worker died during the last attempt.",
            "The worker died during 2 attempts.",
        ]
        assert await retry(connection, job_id)
    assert done == []
    async with running_jobs(settings, [job(work)], []):
        await until(outbox.is_empty)
    assert done == [{}]


async def test_a_schedule_queues_its_job_once_though_two_workers_run(
    settings: Settings, postgres: Postgres, outbox: Outbox
) -> None:
    done = Done()

    async def work(payload: Payload) -> None:
        done.append(payload)

    every_minute = job(work, schedule="* * * * *")  # type: ignore[arg-type]

    async def is_known() -> bool:
        async with postgres.acquire() as connection:
            return bool(await connection.fetchval("SELECT next_run > now() FROM pgqueuer_schedules"))

    async def has_run() -> bool:
        return bool(done)

    async with running_jobs(settings, [every_minute], []):
        await until(is_known)
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE pgqueuer_schedules SET next_run = now() - interval '3 hours'")
        await connection.execute("DELETE FROM pgqueuer")  # what a minute may have queued that began just then
    done.clear()
    async with running_jobs(settings, [every_minute], []), running_jobs(settings, [every_minute], []):
        await until(has_run)
        await until(outbox.is_empty)
    async with postgres.acquire() as connection:
        due_next = await connection.fetchval("SELECT next_run FROM pgqueuer_schedules")
    assert datetime.now(UTC) - timedelta(minutes=1) < due_next < datetime.now(UTC) + timedelta(minutes=2)
    assert len(done) <= 2  # twice where a minute began just then


async def test_one_worker_ticks_and_another_takes_over(settings: Settings) -> None:
    """With `_leads` true at once, both tick."""
    ticked: list[str] = []

    def tick(worker: str) -> Tick:
        async def run(resources: JobResources) -> None:
            ticked.append(worker)
            raise OSError("a failed tick does not end them")

        return Tick("tick", 0.01, run)

    async def both_have_ticked() -> bool:
        return len(set(ticked)) == 2

    async def has_ticked() -> bool:
        return len(ticked) > 5

    async with running_jobs(settings, [], [tick("a")]):
        await until(has_ticked)
        async with running_jobs(settings, [], [tick("b")]):
            seen = len(ticked)

            async def ticked_on() -> bool:
                return len(ticked) > seen + 5

            await until(ticked_on)
            assert set(ticked) == {"a"}
    assert set(ticked) == {"a"}
    async with running_jobs(settings, [], [tick("b")]):
        await until(both_have_ticked)


async def test_jobs_go_on_when_postgres_is_back(
    settings: Settings, postgres_server: EmbeddedPostgres, postgres: Postgres, outbox: Outbox
) -> None:
    """And what ran while it went away is neither lost nor kept as failed: it runs again."""
    done = Done()
    started, go_on = asyncio.Event(), asyncio.Event()

    async def work(payload: Payload) -> None:
        started.set()
        await go_on.wait()
        done.append(payload["n"])
        if done.count(payload["n"]) == 1:
            raise OSError("tried again")

    await queue(postgres, {"n": 1})
    async with running_jobs(settings.model_copy(update=SHORT_LEASE), [job(work)], []):
        await started.wait()
        async with stopped(postgres_server):
            go_on.set()
            await asyncio.sleep(0.1)
        async with asyncio.timeout(10):
            while True:
                try:
                    await queue(postgres, {"n": 2})
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        await until(outbox.is_empty)
    assert set(done) == {1, 2}


def test_pauses_double_up_to_an_hour() -> None:
    for failed_before, seconds in ((0, 5.0), (1, 10.0), (4, 80.0), (12, 3_600.0), (1_000, 3_600.0)):
        assert 0.9 * seconds <= pause(failed_before, 5.0) <= 1.1 * seconds
