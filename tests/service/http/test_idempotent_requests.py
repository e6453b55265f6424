"""Idempotency keys over HTTP."""

import asyncio

import pytest
from multidict import CIMultiDict

from service.ids import Entity
from service.postgres import Postgres
from tests.service.api import Answer, Api, as_user
from tests.service.conftest import Client
from tests.service.factories import Account, Factory, Showing


@pytest.fixture
def own(client: Client, customer: Account) -> Api:
    return as_user(client, customer)


@pytest.fixture
async def showing(factory: Factory) -> Showing:
    return await factory.session(capacity=10)


@pytest.fixture
async def booking(own: Api, showing: Showing) -> str:
    """A booking with three seats."""
    opened = await own("POST", f"/v1/sessions/{showing.session}/book")
    booking_id: str = opened.body["booking"]["id"]
    await own("POST", f"/v1/bookings/{booking_id}/reserve", {"seats": 3})
    return booking_id


async def sold(postgres: Postgres, showing: Showing) -> int:
    async with postgres.acquire() as connection:
        seats: int = await connection.fetchval("SELECT sold FROM inventory WHERE id = $1", showing.session_id)
        return seats


def replayed(answer: Answer) -> bool:
    return answer.headers.get("Idempotency-Replayed") == "true"


async def test_confirming_twice_sells_once(own: Api, booking: str, showing: Showing, postgres: Postgres) -> None:
    first, second = [
        await own("POST", f"/v1/bookings/{booking}/confirm", Idempotency_Key="confirm it") for _ in range(2)
    ]
    assert first.status == second.status == 200
    assert first.body == second.body
    assert (replayed(first), replayed(second)) == (False, True)
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert await sold(postgres, showing) == 3


async def test_confirming_at_once_sells_once(own: Api, booking: str, showing: Showing, postgres: Postgres) -> None:
    async def confirm() -> Answer:
        while True:
            answer = await own("POST", f"/v1/bookings/{booking}/confirm", Idempotency_Key="confirm it")
            if answer.status != 409:
                return answer
            assert answer.error == (409, "idempotency_in_progress")
            assert answer.headers["Retry-After"] == "1"
            await asyncio.sleep(0.01)

    answers = await asyncio.gather(*(confirm() for _ in range(8)))
    assert [answer.status for answer in answers] == [200] * 8
    assert sum(not replayed(answer) for answer in answers) == 1
    assert all(answer.body == answers[0].body for answer in answers)
    assert await sold(postgres, showing) == 3


async def test_a_second_one_while_the_first_waits(own: Api, booking: str, showing: Showing, postgres: Postgres) -> None:
    async with postgres.transaction() as connection:
        await connection.execute("SELECT FROM inventory WHERE id = $1 FOR UPDATE", showing.session_id)
        first = asyncio.create_task(own("POST", f"/v1/bookings/{booking}/confirm", Idempotency_Key="k"))
        await asyncio.sleep(0.2)
        second = await own("POST", f"/v1/bookings/{booking}/confirm", Idempotency_Key="k")
        assert second.error == (409, "idempotency_in_progress")
    assert (await first).status == 200
    assert replayed(await own("POST", f"/v1/bookings/{booking}/confirm", Idempotency_Key="k"))


async def test_a_refusal_is_repeated_too(own: Api, booking: str) -> None:
    path = f"/v1/bookings/{booking}/reserve"
    first = await own("POST", path, {"seats": 11}, Idempotency_Key="k")
    assert first.error == (409, "seats_unavailable")
    second = await own("POST", path, {"seats": 11}, Idempotency_Key="k")
    assert (second.status, second.body) == (first.status, first.body)
    assert replayed(second)


async def test_another_request_under_the_same_key(own: Api, booking: str) -> None:
    path = f"/v1/bookings/{booking}/reserve"
    assert (await own("POST", path, {"seats": 2}, Idempotency_Key="k")).status == 200
    assert (await own("POST", path, {"seats": 4}, Idempotency_Key="k")).error == (422, "idempotency_key_reused")
    assert (await own("POST", f"/v1/bookings/{booking}/cancel", Idempotency_Key="k")).error == (
        422,
        "idempotency_key_reused",
    )


async def test_booking_cancelling_and_rating(own: Api, showing: Showing, booking: str) -> None:
    requests = [
        (f"/v1/sessions/{showing.session}/book", None),
        (f"/v1/bookings/{booking}/cancel", None),
        (f"/v1/movies/{Entity.MOVIE.public(showing.movie_id)}/rate", {"value": 4.5}),
    ]
    for path, body in requests:
        first, second = [await own("POST", path, body, Idempotency_Key=path) for _ in range(2)]
        assert first.status in {200, 201}
        assert (second.status, second.body) == (first.status, first.body)
        assert replayed(second)


async def test_input_faults_are_told_before_the_key_is_used(own: Api, booking: str) -> None:
    path = f"/v1/bookings/{booking}/reserve"
    assert (await own("POST", path, {"seats": 0}, Idempotency_Key="k")).faults == {("invalid_seats", "seats")}
    assert (await own("POST", path, {"seats": 1}, Idempotency_Key="k")).status == 200


async def test_bounds_of_keys(own: Api, booking: str) -> None:
    path = f"/v1/bookings/{booking}/reserve"
    fault = ("invalid_idempotency_key", "Idempotency-Key")
    assert (await own("POST", path, {"seats": 1}, Idempotency_Key="")).faults == {fault}
    assert (await own("POST", path, {"seat": 1}, Idempotency_Key="x" * 256)).faults == {
        fault,
        ("missing_seats", "seats"),
        ("unknown_field", "seat"),
    }
    assert (await own("POST", path, {"seats": 1}, Idempotency_Key="x" * 255)).status == 200


async def test_two_keys_are_one_too_many(client: Client, own: Api, booking: str) -> None:
    headers = CIMultiDict([*own.headers.items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")])
    async with client.post(f"/v1/bookings/{booking}/confirm", headers=headers) as response:
        assert response.status == 422


async def test_other_endpoints_take_no_key(own: Api) -> None:
    answers = [await own("GET", "/v1/me", Idempotency_Key="") for _ in range(2)]
    assert [(answer.status, replayed(answer)) for answer in answers] == [(200, False)] * 2
