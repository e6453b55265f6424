"""What becomes of attempts under a key: kept, freed, left behind."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from service.accounts.tokens import Principal
from service.errors import BOOKING_CONFIRMING, NO_SEATS_RESERVED, OUTCOME_UNKNOWN, ApiError
from service.http import idempotency
from service.http.endpoint import Call
from service.http.idempotency import once
from service.resources import Resources

Run = Callable[[Call[Any, Any]], Awaitable[web.Response]]
Attempt = Callable[..., Coroutine[Any, Any, web.Response]]


class Counted:
    """An endpoint that tells how often it ran."""

    def __init__(self, outcome: Exception | None = None, *, status: int = 200) -> None:
        self.runs = 0
        self.outcome = outcome
        self.status = status

    async def __call__(self, call: Call[Any, Any]) -> web.Response:
        self.runs += 1
        if self.outcome is not None:
            raise self.outcome
        return web.Response(status=self.status, text=f"run {self.runs}", headers={"X-Run": str(self.runs)})


class Stuck(Counted):
    """One that ends when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.end = asyncio.Event()

    async def __call__(self, call: Call[Any, Any]) -> web.Response:
        self.begun.set()
        await self.end.wait()
        return await super().__call__(call)


@pytest.fixture
def attempt(app: web.Application, resources: Resources) -> Attempt:
    async def attempt(
        run: Run, key: str = "key", raw: bytes = b"{}", user: int = 1, path: str = "/v1/x"
    ) -> web.Response:
        request = make_mocked_request("POST", path, app=app)
        principal = Principal(user, "customer", UUID(int=user), 0, 0)
        return await once(Call[Any, Any](resources, request, principal, {}, None, None), key, raw, run)

    return attempt


def is_replay(response: web.Response) -> bool:
    return response.headers.get("Idempotency-Replayed") == "true"


async def test_the_first_answer_is_given_again(attempt: Attempt) -> None:
    run = Counted(status=201)
    first = await attempt(run)
    second = await attempt(run)
    assert run.runs == 1
    assert not is_replay(first)
    assert is_replay(second)
    assert (second.status, second.body, second.headers["X-Run"]) == (201, b"run 1", "1")
    assert second.headers["Content-Type"] == first.headers["Content-Type"]


async def test_an_answer_without_a_body(attempt: Attempt) -> None:
    async def run(call: Call[Any, Any]) -> web.Response:
        return web.Response(status=204)

    await attempt(run)
    second = await attempt(run)
    assert (second.status, second.body) == (204, b"")


@pytest.mark.parametrize("different", [{"raw": b'{"seats": 2}'}, {"path": "/v1/y"}, {"path": "/v1/x?a=1"}])
async def test_a_key_belongs_to_one_request(attempt: Attempt, different: dict[str, Any]) -> None:
    run = Counted()
    await attempt(run)
    with pytest.raises(ApiError) as refused:
        await attempt(run, **different)
    assert (refused.value.kind.code, refused.value.kind.status) == ("idempotency_key_reused", 422)
    assert run.runs == 1


async def test_keys_and_users_do_not_mix(attempt: Attempt) -> None:
    run = Counted()
    await attempt(run)
    await attempt(run, key="another")
    await attempt(run, user=2)
    await attempt(run, key="\udce9")
    assert run.runs == 4


async def test_a_refusal_is_kept(attempt: Attempt) -> None:
    run = Counted(ApiError(NO_SEATS_RESERVED, {"booking": {"id": "bkg_1"}}))
    first, second = await attempt(run), await attempt(run)
    assert run.runs == 1
    assert is_replay(second)
    assert (first.status, second.status) == (409, 409)
    assert first.body == second.body
    assert isinstance(first.body, bytes)
    assert b'"booking":{"id":"bkg_1"}' in first.body


@pytest.mark.parametrize(
    "outcome", [ApiError(BOOKING_CONFIRMING), ApiError(OUTCOME_UNKNOWN), ValueError("a fault of ours")]
)
async def test_what_tells_to_come_again_is_not_kept(attempt: Attempt, outcome: Exception) -> None:
    run = Counted(outcome)
    for _ in range(2):
        with pytest.raises(type(outcome)):
            await attempt(run)
    run.outcome = None
    assert (await attempt(run)).body == b"run 3"


async def test_while_the_first_is_running(attempt: Attempt) -> None:
    stuck, run = Stuck(), Counted()
    first = asyncio.create_task(attempt(stuck))
    await stuck.begun.wait()
    with pytest.raises(ApiError) as refused:
        await attempt(run)
    assert (refused.value.kind.code, refused.value.retry_seconds) == ("idempotency_in_progress", 1)
    stuck.end.set()
    assert (await first).body == (await attempt(run)).body == b"run 1"
    assert run.runs == 0


async def test_an_attempt_that_is_cancelled_frees_its_key(attempt: Attempt) -> None:
    stuck, run = Stuck(), Counted()
    first = asyncio.create_task(attempt(stuck))
    await stuck.begun.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert not is_replay(await attempt(run))


async def test_an_attempt_ends_before_its_mark_does(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    assert idempotency.RUN_SECONDS * 1_000 < idempotency.RUNNING_MS
    monkeypatch.setattr(idempotency, "RUN_SECONDS", 0.05)
    with pytest.raises(TimeoutError):
        await attempt(Stuck())
    assert not is_replay(await attempt(Counted()))


async def test_a_crash_frees_the_key_by_itself(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first attempt is as good as dead while its mark lapses; when it ends after all, it overwrites nothing.

    Without the token in the script that keeps answers, it does.
    """
    monkeypatch.setattr(idempotency, "RUNNING_MS", 200)
    dead, run = Stuck(), Counted()
    first = asyncio.create_task(attempt(dead))
    await dead.begun.wait()
    with pytest.raises(ApiError):
        await attempt(run)
    await asyncio.sleep(0.25)
    second = asyncio.create_task(attempt(stuck := Stuck()))
    await stuck.begun.wait()
    dead.end.set()
    await first
    with pytest.raises(ApiError):
        await attempt(run)
    stuck.end.set()
    await second
    assert is_replay(await attempt(run))


async def test_a_failed_attempt_does_not_free_the_key_of_the_next(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "RUNNING_MS", 100)
    dead = Stuck()
    dead.outcome = ApiError(OUTCOME_UNKNOWN)
    first = asyncio.create_task(attempt(dead))
    await dead.begun.wait()
    await asyncio.sleep(0.15)
    monkeypatch.undo()
    await attempt(Counted())
    dead.end.set()
    with pytest.raises(ApiError):
        await first
    assert is_replay(await attempt(Counted()))


async def test_the_oldest_key_of_a_user_goes(
    attempt: Attempt, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "MAX_KEYS_OF_A_USER", 5)
    for number in range(7):
        await attempt(Counted(), key=f"key {number}")
        await asyncio.sleep(0.002)
    assert await resources.redis.command("DBSIZE") == 5 + 1
    assert [is_replay(await attempt(Counted(), key=f"key {number}")) for number in (2, 6, 0)] == [True, True, False]
    assert await resources.redis.command("DBSIZE") == 5 + 1


async def test_an_idle_redis_empties(attempt: Attempt, resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    await attempt(Counted())
    for key in await resources.redis.command("KEYS", "*"):
        assert 86_300_000 < await resources.redis.command("PTTL", key) <= 86_400_000
    await resources.redis.command("FLUSHALL")
    monkeypatch.setattr(idempotency, "KEPT_MS", 150)
    monkeypatch.setattr(idempotency, "RUNNING_MS", 150)
    await attempt(Counted())
    await asyncio.sleep(0.2)
    assert await resources.redis.command("KEYS", "*") == []


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(attempt: Attempt, resources: Resources) -> None:
    async def run(call: Call[Any, Any]) -> web.Response:
        await resources.redis.command("CONFIG", "SET", "maxmemory", 1)
        return web.Response(text="done")

    try:
        assert (await attempt(run)).body == b"done"
    finally:
        await resources.redis.command("CONFIG", "SET", "maxmemory", 0)
