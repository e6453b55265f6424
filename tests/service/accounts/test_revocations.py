"""Ended tokens, as other workers hear of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import pytest

from service.accounts import queries, revocations
from service.accounts.revocations import Revocations
from service.postgres import Postgres
from tests.service.factories import Account


@pytest.fixture
async def other_worker(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Revocations]:
    monkeypatch.setattr(revocations, "POLL_SECONDS", 0.05)
    known = Revocations(postgres, 60)
    async with known.polling():
        yield known


async def heard(condition: Callable[[], bool]) -> bool:
    for _ in range(500):
        if condition():
            return True
        await asyncio.sleep(0.02)
    return False


async def test_of_one_token(other_worker: Revocations, postgres: Postgres, customer: Account) -> None:
    token, another = uuid4(), uuid4()
    async with postgres.acquire() as connection:
        await queries.insert_ended_token(connection, customer.user_id, token)
    assert await heard(lambda: other_worker.ended(customer.user_id, token, 0))
    assert not other_worker.ended(customer.user_id, another, 0)


async def test_of_a_generation(other_worker: Revocations, postgres: Postgres, customer: Account) -> None:
    spared = uuid4()
    async with postgres.acquire() as connection:
        await queries.insert_ended_generation(connection, customer.user_id, 2, spared)
    assert await heard(lambda: other_worker.ended(customer.user_id, uuid4(), 1))
    assert not other_worker.ended(customer.user_id, spared, 1)
    assert not other_worker.ended(customer.user_id, uuid4(), 2)
    assert not other_worker.ended(customer.user_id + 1, uuid4(), 1)


async def test_a_transaction_that_commits_late(
    other_worker: Revocations, postgres: Postgres, customer: Account
) -> None:
    """Its row is older than one that was read before; without the overlap it is never seen."""
    late, early = uuid4(), uuid4()
    async with postgres.transaction() as slow:
        await queries.insert_ended_token(slow, customer.user_id, late)
        async with postgres.acquire() as connection:
            await queries.insert_ended_token(connection, customer.user_id, early)
        assert await heard(lambda: other_worker.ended(customer.user_id, early, 0))
        await asyncio.sleep(0.1)
        assert not other_worker.ended(customer.user_id, late, 0)
    assert await heard(lambda: other_worker.ended(customer.user_id, late, 0))


async def test_polls_that_failed_miss_nothing(other_worker: Revocations, postgres: Postgres, customer: Account) -> None:
    token = uuid4()
    async with postgres.acquire() as connection:
        await connection.execute("ALTER TABLE token_revocations RENAME TO away")
        await asyncio.sleep(0.2)
        await connection.execute(
            "INSERT INTO away (jti, user_id, revoked_at) VALUES ($1, $2, now())", token, customer.user_id
        )
        await connection.execute("ALTER TABLE away RENAME TO token_revocations")
    assert await heard(lambda: other_worker.ended(customer.user_id, token, 0))


async def test_a_new_worker_knows_those_of_a_token_lifetime(postgres: Postgres, customer: Account) -> None:
    tokens = {seconds: uuid4() for seconds in (1, 59, 200)}
    async with postgres.acquire() as connection:
        for seconds, token in tokens.items():
            await connection.execute(
                """
                INSERT INTO token_revocations (jti, user_id, revoked_at)
                VALUES ($1, $2, now() - make_interval(secs => $3))
                """,
                token,
                customer.user_id,
                seconds,
            )
    known = Revocations(postgres, 60)
    async with known.polling():
        ended = {seconds: known.ended(customer.user_id, token, 0) for seconds, token in tokens.items()}
    assert ended == {1: True, 59: True, 200: False}


async def test_what_has_expired_is_forgotten(
    postgres: Postgres, customer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "OVERLAP", revocations.OVERLAP * 0)
    known = Revocations(postgres, 1)
    token = uuid4()
    known.note_token(token)
    known.note_generation(customer.user_id, 1, None)
    await known.read()
    assert known.ended(customer.user_id, token, 5)
    assert known.ended(customer.user_id, uuid4(), 0)
    await asyncio.sleep(1.1)
    await known.read()
    assert not known.ended(customer.user_id, token, 0)


async def test_an_older_generation_does_not_undo_a_newer_one(postgres: Postgres) -> None:
    known, spared = Revocations(postgres, 60), uuid4()
    known.note_generation(1, 2, None)
    known.note_generation(1, 1, spared)
    assert known.ended(1, spared, 0)
