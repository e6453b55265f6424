"""Queueing jobs with what causes them."""

import json

import pytest

from service.jobs.outbox import NewJob, enqueue, enqueue_all
from service.postgres import Postgres
from tests.service.jobs.conftest import Outbox


async def test_a_job_is_there_once_its_cause_has_committed(postgres: Postgres, outbox: Outbox) -> None:
    async with postgres.transaction() as connection:
        await enqueue(connection, "greet", {"user": "usr_1"})
        assert await outbox.is_empty()
    [job] = await outbox.jobs()
    assert (job["entrypoint"], job["status"], json.loads(job["payload"])) == ("greet", "queued", {"user": "usr_1"})


async def test_a_job_is_gone_with_its_cause(postgres: Postgres, outbox: Outbox) -> None:
    async def cause() -> None:
        async with postgres.transaction() as connection:
            await enqueue(connection, "greet", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await cause()
    assert await outbox.is_empty()


async def test_a_key_queues_one_job_at_a_time_and_never_fails_the_transaction(
    postgres: Postgres, outbox: Outbox
) -> None:
    async with postgres.transaction() as connection:
        await enqueue_all(connection, [NewJob("greet", {"n": n}, "greet:1") for n in range(3)])
        await enqueue(connection, "greet", {}, "greet:1")
        await enqueue_all(connection, [NewJob("greet", {}, None), NewJob("greet", {}, "greet:2")])
    assert [job["dedupe_key"] for job in await outbox.jobs()] == ["greet:1", None, "greet:2"]
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE pgqueuer SET status = 'failed' WHERE dedupe_key = 'greet:1'")
        await enqueue(connection, "greet", {}, "greet:1")
    assert [job["status"] for job in await outbox.jobs() if job["dedupe_key"] == "greet:1"] == ["failed", "queued"]
