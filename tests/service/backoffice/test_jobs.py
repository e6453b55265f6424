"""GET /v1/admin/jobs and POST /v1/admin/jobs/{id}/retry."""

import pytest

from service.jobs.outbox import NewJob, enqueue_all
from service.postgres import Postgres
from tests.service.api import Api, as_user
from tests.service.conftest import Client
from tests.service.factories import Account


@pytest.fixture
def staff(client: Client, admin: Account) -> Api:
    return as_user(client, admin)


@pytest.fixture
async def numbers(postgres: Postgres) -> list[str]:
    """Four jobs: one waiting, one waiting after two failures, one running, one that failed. Their public ids."""
    async with postgres.acquire() as connection:
        jobs = [NewJob("mail", {"booking": f"bkg_{n}"}, f"mail:{n}") for n in range(3)]
        await enqueue_all(connection, [*jobs, NewJob("chore", {}, "chore")])
        numbers = [row["id"] for row in await connection.fetch("SELECT id FROM pgqueuer ORDER BY id")]
        await connection.execute("UPDATE pgqueuer SET attempts = 2 WHERE id = $1", numbers[1])
        await connection.execute("UPDATE pgqueuer SET status = 'picked' WHERE id = $1", numbers[2])
        await connection.execute("UPDATE pgqueuer SET status = 'failed', attempts = 29 WHERE id = $1", numbers[3])
        await connection.executemany(
            "INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint, traceback) VALUES ($1, $2, 0, 'mail', $3)",
            [
                (numbers[1], "queued", {"exception_type": "RetryRequested", "exception_message": "OSError: first"}),
                (numbers[1], "queued", {"exception_type": "RetryRequested", "exception_message": "OSError: last"}),
                (numbers[1], "picked", None),
                (numbers[3], "failed", {"exception_type": "PermanentFailure", "exception_message": "550 no"}),
            ],
        )
    return [f"job_{number}" for number in numbers]


async def test_lists_what_is_not_done_the_newest_first(staff: Api, numbers: list[str]) -> None:
    jobs = (await staff("GET", "/v1/admin/jobs")).body["jobs"]
    assert [job["id"] for job in jobs] == numbers[::-1]
    failed, running, tried, waiting = jobs
    assert (failed["state"], failed["attempts"], failed["last_error"]) == ("failed", 30, "PermanentFailure: 550 no")
    assert (running["state"], running["attempts"], running["next_run_at"]) == ("running", 0, None)
    assert (tried["state"], tried["attempts"], tried["last_error"]) == ("waiting", 2, "OSError: last")
    assert (waiting["name"], waiting["payload"], waiting["last_error"]) == ("mail", {"booking": "bkg_0"}, None)
    assert waiting["created_at"] == waiting["next_run_at"]


async def test_filters(staff: Api, numbers: list[str]) -> None:
    async def listed(query: str) -> list[str]:
        return [job["id"] for job in (await staff("GET", f"/v1/admin/jobs?{query}")).body["jobs"]]

    assert await listed("state=waiting") == [numbers[1], numbers[0]]
    assert await listed("state=running") == [numbers[2]]
    assert await listed("state=failed") == [numbers[3]]
    assert await listed("name=mail") == numbers[2::-1]
    assert await listed("name=mail&state=failed") == []
    assert (await staff("GET", "/v1/admin/jobs?state=done")).faults == {("invalid_state", "state")}


async def test_pages(staff: Api, numbers: list[str]) -> None:
    first = (await staff("GET", "/v1/admin/jobs?limit=3")).body
    assert first["metadata"]["has_more"]
    rest = (await staff("GET", f"/v1/admin/jobs?cursor={first['metadata']['end_cursor']}")).body
    assert [job["id"] for job in first["jobs"] + rest["jobs"]] == numbers[::-1]
    assert (await staff("GET", "/v1/admin/jobs?cursor=AAAA")).error == (400, "invalid_cursor")


async def test_a_failed_job_is_tried_again_as_a_new_one(staff: Api, numbers: list[str]) -> None:
    answer = await staff("POST", f"/v1/admin/jobs/{numbers[3]}/retry")
    assert answer.status == 200
    job = answer.body["job"]
    assert (job["state"], job["attempts"], job["last_error"]) == ("waiting", 0, "PermanentFailure: 550 no")
    assert job == (await staff("GET", f"/v1/admin/jobs/{numbers[3]}")).body["job"]
    assert (await staff("POST", f"/v1/admin/jobs/{numbers[3]}/retry")).error == (409, "job_not_failed")


async def test_what_cannot_be_retried(staff: Api, numbers: list[str], postgres: Postgres) -> None:
    for number in numbers[:3]:
        assert (await staff("POST", f"/v1/admin/jobs/{number}/retry")).error == (409, "job_not_failed")
    async with postgres.acquire() as connection:
        await enqueue_all(connection, [NewJob("chore", {}, "chore")])
    assert (await staff("POST", f"/v1/admin/jobs/{numbers[3]}/retry")).error == (409, "job_waiting")
    for unknown in ("job_9", "job_x", "bkg_1"):
        assert (await staff("POST", f"/v1/admin/jobs/{unknown}/retry")).error == (404, "job_not_found")
        assert (await staff("GET", f"/v1/admin/jobs/{unknown}")).error == (404, "job_not_found")
