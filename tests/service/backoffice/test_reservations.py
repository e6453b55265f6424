"""Staff look at reservations, and cancel them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.postgres import Postgres
from service.resources import Resources
from tests.service.backoffice.conftest import Assign, NewSession
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import PASSWORD, Account, Factory, Showing

PATH = "/v1/admin/reservations"
STARTS_AT = datetime(2031, 6, 5, 18, tzinfo=UTC)


async def buy(caller: Caller, showing: Showing, seats: int = 2, *, then: str = "confirm") -> str:
    booking: str = (await caller.call("POST", f"/v1/sessions/{showing.session}/book")).body["booking"]["id"]
    assert (await caller.post(f"/v1/bookings/{booking}/reserve", {"seats": seats})).status == 200
    assert (await caller.call("POST", f"/v1/bookings/{booking}/{then}")).status == 200
    return booking


async def listed(caller: Caller, **params: str) -> list[str]:
    answer = await caller.get(PATH, **params)
    assert answer.status == 200, answer.body
    return [reservation["id"] for reservation in answer.body["reservations"]]


async def shown(caller: Caller, booking: str) -> dict[str, Any]:
    answer = await caller.get(f"{PATH}/{booking}")
    assert answer.status == 200, answer.body
    reservation: dict[str, Any] = answer.body["reservation"]
    return reservation


@pytest.fixture
def alice(client: Client, customer: Account) -> Caller:
    return Caller(client, customer)


async def test_what_is_told_of_each(boss: Caller, alice: Caller, customer: Account, new_session: NewSession) -> None:
    showing = await new_session(starts_at=STARTS_AT, price=950)
    booking = await buy(alice, showing)
    reservation = await shown(boss, booking)
    assert reservation == {
        "id": booking,
        "user": {"id": customer.public_id, "email": customer.email},
        "session_id": showing.session,
        "movie": {"id": showing.movie, "title": "Amélie"},
        "place": {"id": showing.place, "name": "Lumière"},
        "starts_at": "2031-06-05T18:00:00.000Z",
        "seats": 2,
        "unit_price": 950,
        "currency": "EUR",
        "status": "confirmed",
        "created_at": reservation["created_at"],
        "confirmed_at": reservation["confirmed_at"],
        "cancelled_at": None,
        "refund_note": None,
    }
    assert (await boss.get(PATH)).body["reservations"] == [reservation]


async def test_the_filters(client: Client, boss: Caller, alice: Caller, customer: Account, factory: Factory) -> None:
    bob = await factory.user()
    first = await factory.session(starts_at=STARTS_AT)
    second = await factory.session(starts_at=STARTS_AT + timedelta(days=1), movie_id=first.movie_id)
    one = await buy(alice, first)
    two = await buy(Caller(client, bob), first, then="cancel")
    three = await buy(alice, second)
    assert await listed(boss) == [three, two, one]
    expected: list[tuple[dict[str, str], list[str]]] = [
        ({"session": first.session}, [two, one]),
        ({"movie": first.movie}, [three, two, one]),
        ({"place": second.place}, [three]),
        ({"email": customer.email.upper()}, [three, one]),
        ({"email": "nobody@example.com"}, []),
        ({"status": "confirmed"}, [three, one]),
        ({"status": "cancelled"}, [two]),
        ({"status": "completed"}, []),
        ({"from": "2031-06-06"}, [three]),
        ({"to": "2031-06-05"}, [two, one]),
        ({"from": "2031-06-05", "to": "2031-06-05", "status": "cancelled"}, [two]),
        ({"place": first.place, "email": customer.email}, [one]),
        ({"session": first.session, "status": "confirmed"}, [one]),
        ({"session": first.session, "movie": "mov_1"}, []),
        ({"session": "ses_1"}, []),
    ]
    for params, bookings in expected:
        assert await listed(boss, **params) == bookings, params


async def test_after_the_show_it_is_completed(
    boss: Caller, alice: Caller, postgres: Postgres, new_session: NewSession
) -> None:
    booking = await buy(alice, await new_session())
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE sessions SET starts_at = now() - interval '1 day'")
    assert (await shown(boss, booking))["status"] == "completed"
    assert await listed(boss, status="completed") == [booking]
    assert await listed(boss, status="confirmed") == []


@pytest.mark.parametrize("filters", [{}, {"movie": "{movie}"}, {"session": "{session}"}])
async def test_the_list_is_walked(
    boss: Caller, alice: Caller, new_session: NewSession, filters: dict[str, str]
) -> None:
    showing = await new_session()
    filters = {name: text.format(movie=showing.movie, session=showing.session) for name, text in filters.items()}
    bookings = [await buy(alice, showing, 1) for _ in range(5)]
    walked = [one["id"] async for page in boss.pages(PATH, limit="2", **filters) for one in page["reservations"]]
    assert walked == bookings[::-1]
    cursor = (await boss.get(PATH, limit="1")).body["metadata"]["end_cursor"]
    assert (await boss.get("/v1/admin/sessions", cursor=cursor)).refusal == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("name", "value"),
    [("status", "open"), ("from", "x"), ("to", "2031-06-05T00:00:00Z"), ("session", "mov_1"), ("email", "")],
)
async def test_faulty_parameters_are_named(boss: Caller, name: str, value: str) -> None:
    assert (await boss.get(PATH, **{name: value})).refusal == (422, f"invalid_{name}")


async def test_the_first_day_is_not_after_the_last(boss: Caller) -> None:
    answer = await boss.get(PATH, **{"from": "2031-06-06", "to": "2031-06-05"})
    assert answer.refusal == (422, "invalid_from")


async def test_a_manager_sees_those_of_own_places(
    boss: Caller, scheduler: Caller, manager: Account, assign: Assign, alice: Caller, factory: Factory
) -> None:
    own, foreign = await factory.session(), await factory.session()
    mine, other = await buy(alice, own), await buy(alice, foreign)
    assert await listed(scheduler) == []
    await assign(manager, own.place_id)
    assert await listed(scheduler) == [mine]
    assert await listed(scheduler, session=foreign.session) == []
    assert await listed(scheduler, email="nobody@example.com") == []
    assert (await scheduler.get(f"{PATH}/{other}")).refusal == (403, "forbidden")
    cancelled = await scheduler.post(f"{PATH}/{other}/cancel", {})
    assert cancelled.refusal == (403, "forbidden")
    assert (await scheduler.post(f"{PATH}/{mine}/cancel", {})).status == 200
    assert (await shown(boss, other))["status"] == "confirmed"


async def test_one_is_cancelled_with_a_note(
    boss: Caller, alice: Caller, resources: Resources, new_session: NewSession
) -> None:
    showing = await new_session(capacity=5)
    booking = await buy(alice, showing, 5)
    before = await shown(boss, booking)
    answer = await boss.post(f"{PATH}/{booking}/cancel", {"note": "The projector broke."})
    assert answer.status == 200
    reservation = answer.body["reservation"]
    cancelled = {
        "status": "cancelled",
        "cancelled_at": reservation["cancelled_at"],
        "refund_note": "The projector broke.",
    }
    assert reservation == before | cancelled == await shown(boss, booking)
    pool = await resources.engine.availability(showing.session)
    assert pool is not None
    assert (pool.sold, pool.held) == (0, 0)
    assert (await alice.get(f"/v1/bookings/{booking}")).body["booking"]["status"] == "cancelled"
    await buy(alice, showing, 5)
    async with resources.postgres.acquire() as connection:
        jobs = "SELECT convert_from(payload, 'UTF8')::json ->> 'booking' FROM pgqueuer WHERE entrypoint = $1"
        assert await connection.fetchval(jobs, "booking-cancelled-mail") == booking


async def test_one_is_not_cancelled_twice(boss: Caller, alice: Caller, new_session: NewSession) -> None:
    showing = await new_session()
    sold, given_up = await buy(alice, showing), await buy(alice, showing, then="cancel")
    assert (await boss.post(f"{PATH}/{sold}/cancel", {"note": None})).status == 200
    for booking in (sold, given_up):
        answer = await boss.post(f"{PATH}/{booking}/cancel", {})
        assert answer.refusal == (409, "booking_cancelled")
        assert answer.body["errors"][0]["booking"]["id"] == booking


async def test_staff_cancel_up_to_the_last_minute_and_after(
    boss: Caller, alice: Caller, postgres: Postgres, new_session: NewSession
) -> None:
    booking = await buy(alice, await new_session())
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE sessions SET starts_at = now() - interval '1 minute'")
    assert (await boss.post(f"{PATH}/{booking}/cancel", {})).status == 200


async def test_an_unknown_or_open_one_is_not_found(boss: Caller, alice: Caller, new_session: NewSession) -> None:
    opened = await alice.call("POST", f"/v1/sessions/{(await new_session()).session}/book")
    for booking in (opened.body["booking"]["id"], "bkg_1", "ses_1", "x"):
        one = f"{PATH}/{booking}"
        for answer in (await boss.get(one), await boss.post(f"{one}/cancel", {})):
            assert answer.refusal == (404, "booking_not_found")


async def test_the_note_has_bounds(boss: Caller) -> None:
    for note in ("x" * 1_001, "a\0b", 1):
        assert (await boss.post(f"{PATH}/bkg_1/cancel", {"note": note})).refusal == (422, "invalid_note")
    assert (await boss.post(f"{PATH}/bkg_1/cancel", {"why": ""})).refusal == (422, "unknown_field")


async def test_who_erased_the_account_has_no_address(
    boss: Caller, alice: Caller, customer: Account, new_session: NewSession
) -> None:
    booking = await buy(alice, await new_session())
    assert (await alice.call("DELETE", "/v1/me", json={"password": PASSWORD})).status == 204
    assert (await shown(boss, booking))["user"] == {"id": customer.public_id, "email": None}
