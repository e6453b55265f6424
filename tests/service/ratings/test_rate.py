"""Rating movies: values, replacement, the mean, and many at once."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest

from service.ids import Entity
from service.postgres import Postgres
from tests.service.calls import Answer, Caller
from tests.service.conftest import Client
from tests.service.factories import Account

NewMovie = Callable[..., Awaitable[int]]
NewCustomer = Callable[[], Awaitable[Account]]


@pytest.fixture
async def movie(new_movie: NewMovie) -> str:
    return Entity.MOVIE.public(await new_movie())


@pytest.fixture
def alice(client: Client, customer: Account) -> Caller:
    return Caller(client, customer)


async def rate(caller: Caller, movie: str, value: object) -> Answer:
    return await caller.post(f"/v1/movies/{movie}/rate", {"value": value})


async def mean(caller: Caller, movie: str) -> float | None:
    answer = await caller.get(f"/v1/movies/{movie}")
    rating: float | None = answer.body["movie"]["rating"]
    return rating


@pytest.mark.parametrize("value", [0, 5, 3, 4.5, 0.1, 4.35, 1e-7, 5e-324, 3.3333333333333335])
async def test_a_value_is_kept_as_sent(alice: Caller, postgres: Postgres, movie: str, value: float) -> None:
    answer = await rate(alice, movie, value)
    assert answer.status == 200
    shown = answer.body["rating"]
    assert shown == {"id": shown["id"], "value": value}
    assert isinstance(shown["value"], type(value))
    async with postgres.acquire() as connection:
        kept = await connection.fetchrow("SELECT id, value FROM ratings")
    assert kept is not None
    assert kept["value"] == Decimal(repr(value))
    assert Entity.RATING.public(kept["id"]) == shown["id"]


async def test_the_mean_has_two_decimals(alice: Caller, client: Client, movie: str, new_customer: NewCustomer) -> None:
    assert await mean(alice, movie) is None
    await rate(alice, movie, 4)
    assert await mean(alice, movie) == 4
    for value in (4.5, 4.5):
        await rate(Caller(client, await new_customer()), movie, value)
    assert await mean(alice, movie) == 4.33


async def test_rating_again_replaces_the_value_and_keeps_the_id(alice: Caller, movie: str) -> None:
    first, second = await rate(alice, movie, 1), await rate(alice, movie, 4.25)
    assert second.body["rating"] == {"id": first.body["rating"]["id"], "value": 4.25}
    assert await mean(alice, movie) == 4.25


async def test_movies_and_users_have_their_own(
    alice: Caller, client: Client, movie: str, new_movie: NewMovie, new_customer: NewCustomer
) -> None:
    other = Entity.MOVIE.public(await new_movie())
    bob = Caller(client, await new_customer())
    answers = [await rate(alice, movie, 1), await rate(bob, movie, 2), await rate(alice, other, 5)]
    assert len({answer.body["rating"]["id"] for answer in answers}) == 3
    assert (await mean(alice, movie), await mean(alice, other)) == (1.5, 5)


REFUSED = [-0.001, 5.001, -1, 6, 1e400, "3", True, None, [3], {}, 10**30]


async def test_other_values_are_refused(alice: Caller, movie: str) -> None:
    for value in REFUSED:
        answer = await alice.call("POST", f"/v1/movies/{movie}/rate", json={"value": value})
        assert answer.refusal[1] in {"invalid_value", "malformed_json"}, value
        assert await mean(alice, movie) is None


NO_NUMBERS = ["NaN", "Infinity", "-Infinity", "1e999", "05", "1_0", ""]


async def test_what_is_no_number_of_json_is_refused(alice: Caller, movie: str) -> None:
    headers = {"Content-Type": "application/json"}
    for value in NO_NUMBERS:
        answer = await alice.call(
            "POST", f"/v1/movies/{movie}/rate", data=f'{{"value": {value}}}'.encode(), headers=headers
        )
        assert answer.refusal in {(422, "invalid_value"), (400, "malformed_json")}, value


async def test_every_fault_is_reported(alice: Caller, movie: str) -> None:
    answer = await alice.post(f"/v1/movies/{movie}/rate", {"stars": 3})
    assert answer.status == 422
    assert sorted(answer.codes) == ["missing_value", "unknown_field"]


async def test_rating_needs_a_token(client: Client, movie: str) -> None:
    assert (await rate(Caller(client), movie, 3)).refusal == (401, "missing_token")


NO_MOVIES = ["mov_1", "plc_1", "x"]


async def test_an_unknown_movie_is_not_found(alice: Caller) -> None:
    for movie_id in NO_MOVIES:
        assert (await rate(alice, movie_id, 3)).refusal == (404, "movie_not_found")


async def test_a_repeated_request_gives_the_first_answer(alice: Caller, movie: str) -> None:
    path, headers = f"/v1/movies/{movie}/rate", {"Idempotency-Key": "once"}
    first = await alice.call("POST", path, json={"value": 2}, headers=headers)
    await rate(alice, movie, 5)
    assert await alice.call("POST", path, json={"value": 2}, headers=headers) == first
    assert await mean(alice, movie) == 5
    reused = await alice.call("POST", path, json={"value": 3}, headers=headers)
    assert reused.refusal == (422, "idempotency_key_reused")


async def test_two_at_once_of_one_user_are_one_rating(alice: Caller, postgres: Postgres, movie: str) -> None:
    """Failed with the upsert replaced by a look and an insert: the unique key refused the second."""
    for value in (1, 2, 3, 4):
        answers = await asyncio.gather(*(rate(alice, movie, value + part / 4) for part in range(4)))
        assert {answer.status for answer in answers} == {200}
        assert len({answer.body["rating"]["id"] for answer in answers}) == 1
        async with postgres.acquire() as connection:
            [value] = [row["value"] for row in await connection.fetch("SELECT value FROM ratings")]
        assert await mean(alice, movie) == float(round(value, 2))


async def test_the_mean_of_many_at_once_is_exact(
    client: Client, movie: str, new_movie: NewMovie, new_customer: NewCustomer
) -> None:
    """Failed with the trigger's sum read before the movie was locked, and then written: some ratings were lost."""
    other = Entity.MOVIE.public(await new_movie())
    random = Random(7)  # noqa: S311  # not a secret
    callers = [Caller(client, await new_customer()) for _ in range(40)]
    for _ in range(6):
        values = [Decimal(random.randint(0, 50)) / 10 for _ in callers]
        ratings = [rate(caller, movie, float(value)) for caller, value in zip(callers, values, strict=True)]
        ratings += [rate(caller, other, float(5 - value)) for caller, value in zip(callers, values, strict=True)]
        assert {answer.status for answer in await asyncio.gather(*ratings)} == {200}
        exact = sum(values, Decimal(0)) / len(values)
        assert await mean(callers[0], movie) == rounded(exact)
        assert await mean(callers[0], other) == rounded(5 - exact)


def rounded(value: Decimal) -> float:
    return float(value.quantize(Decimal("0.01"), ROUND_HALF_UP))
