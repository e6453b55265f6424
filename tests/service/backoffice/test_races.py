"""Changes of the schedule that meet each other, and sales."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from service.postgres import Postgres
from tests.service.backoffice.conftest import Assign, NewPlace, NewSession
from tests.service.calls import Answer, Caller
from tests.service.conftest import Client
from tests.service.factories import Account, Factory, Showing

SESSIONS = "/v1/admin/sessions"
STARTS_AT = datetime(2031, 6, 5, 18, tzinfo=UTC)


def session_at(showing: Showing, starts_at: datetime) -> dict[str, Any]:
    return {
        "movie_id": showing.movie,
        "place_id": showing.place,
        "starts_at": starts_at.isoformat(),
        "price": 1_000,
    }


async def test_two_managers_never_schedule_overlapping_sessions(
    client: Client, factory: Factory, assign: Assign, new_session: NewSession
) -> None:
    """Failed with the exclusion constraint dropped: both were scheduled."""
    showing = await new_session()
    other_movie = await new_session()
    callers = []
    for _ in range(2):
        account = await factory.user("manager")
        await assign(account, showing.place_id)
        callers.append(Caller(client, account))
    for day in range(100):
        starts_at = STARTS_AT + timedelta(days=day)
        first = session_at(showing, starts_at)
        second = first | {"movie_id": other_movie.movie, "starts_at": (starts_at + timedelta(hours=1)).isoformat()}
        answers = await asyncio.gather(callers[0].post(SESSIONS, first), callers[1].post(SESSIONS, second))
        assert sorted(answer.status for answer in answers) == [201, 409]
        [refused] = [answer for answer in answers if answer.status == 409]
        assert refused.refusal == (409, "session_overlaps")


async def test_two_sessions_that_move_onto_each_other(boss: Caller, new_session: NewSession) -> None:
    """Each takes the other's movie and place; whatever the order, both end where one order of them leads."""
    for _ in range(10):
        one, two = await new_session(starts_at=STARTS_AT), await new_session(starts_at=STARTS_AT)
        answers = await asyncio.gather(
            boss.patch(f"{SESSIONS}/{one.session}", {"place_id": two.place, "movie_id": two.movie}),
            boss.patch(f"{SESSIONS}/{two.session}", {"place_id": one.place, "movie_id": one.movie}),
        )
        assert [answer.refusal for answer in answers] == [(409, "session_overlaps")] * 2


async def test_a_longer_movie_and_a_new_session_do_not_both_fit(boss: Caller, new_session: NewSession) -> None:
    for day in range(15):
        showing = await new_session(starts_at=STARTS_AT + timedelta(days=day))  # 122 minutes, and 15 to clean
        following = session_at(showing, STARTS_AT + timedelta(days=day, minutes=140))
        answers = await asyncio.gather(
            boss.patch(f"/v1/admin/movies/{showing.movie}", {"duration": 130}), boss.post(SESSIONS, following)
        )
        assert sorted(answer.status for answer in answers) in ([200, 409], [201, 409])


async def test_a_new_session_has_the_capacity_that_its_place_gets(
    boss: Caller, postgres: Postgres, new_place: NewPlace, new_session: NewSession
) -> None:
    """Failed with the place not locked when a session is made: it kept the old capacity."""
    showing = await new_session(place_id=await new_place(capacity=100))
    for day in range(30):
        body = session_at(showing, STARTS_AT + timedelta(days=day))
        answers = await asyncio.gather(
            boss.post(SESSIONS, body), boss.patch(f"/v1/admin/places/{showing.place}", {"capacity": 101 + day})
        )
        assert [answer.status for answer in answers] == [201, 200]
        async with postgres.acquire() as connection:
            capacities = await connection.fetch("SELECT DISTINCT capacity FROM inventory")
        assert [row["capacity"] for row in capacities] == [101 + day]


@pytest.mark.parametrize(("doomed", "code"), [("movies", "invalid_movie_id"), ("places", "invalid_place_id")])
async def test_a_deletion_meets_a_new_session(
    boss: Caller, postgres: Postgres, new_session: NewSession, doomed: str, code: str
) -> None:
    for turn in range(12):
        showing = await new_session()
        path = {"places": showing.place, "movies": showing.movie}[doomed]
        created, deleted = await asyncio.gather(
            boss.post(SESSIONS, session_at(showing, STARTS_AT)),
            later(turn % 4, boss.delete(f"/v1/admin/{doomed}/{path}")),
        )
        assert deleted.status == 204
        assert created.status == 201 or created.refusal == (422, code)
        async with postgres.acquire() as connection:
            assert await connection.fetchval("SELECT count(*) FROM inventory") == 0


async def test_two_deletions_of_one_session(boss: Caller, new_session: NewSession) -> None:
    for _ in range(10):
        one = f"{SESSIONS}/{(await new_session()).session}"
        answers = await asyncio.gather(*(boss.delete(one) for _ in range(3)))
        assert sorted(answer.status for answer in answers) == [204, 404, 404]


@pytest.mark.parametrize("doomed", ["sessions", "places", "movies"])
async def test_a_deletion_meets_a_sale(
    client: Client, boss: Caller, customer: Account, postgres: Postgres, new_session: NewSession, doomed: str
) -> None:
    """Whoever comes first wins: either the booking stands with its session, or both are gone.

    Failed with the inventory not locked before the bookings were looked for: confirmed bookings were deleted.
    """
    alice = Caller(client, customer)
    won = set()
    delays = [(0, 300), (300, 0), *product(range(5), range(5))]
    for before_sale, before_deletion in delays:
        showing = await new_session()
        booking = await reserved(alice, showing)
        path = {"sessions": showing.session, "places": showing.place, "movies": showing.movie}[doomed]
        confirmed, deleted = await asyncio.gather(
            later(before_sale, alice.call("POST", f"/v1/bookings/{booking}/confirm")),
            later(before_deletion, boss.delete(f"/v1/admin/{doomed}/{path}")),
        )
        async with postgres.acquire() as connection:
            sold = await connection.fetchval("SELECT sold FROM inventory WHERE id = $1", showing.session_id)
            kept = await connection.fetchval(
                "SELECT sum(seats) FROM bookings WHERE session_id = $1", showing.session_id
            )
        won.add(confirmed.status == 200)
        if confirmed.status == 200:
            assert deleted.refusal == (409, "has_bookings")
            assert (sold, kept) == (2, 2)
        else:
            assert (deleted.status, sold, kept) == (204, None, None)
            assert confirmed.status in {404, 409, 410}, confirmed.body
    assert won == {True, False}


async def test_a_lowered_capacity_meets_a_sale(
    client: Client, boss: Caller, customer: Account, postgres: Postgres, new_place: NewPlace, new_session: NewSession
) -> None:
    alice = Caller(client, customer)
    for turn in range(15):
        showing = await new_session(place_id=await new_place(capacity=2), capacity=2)
        booking = await reserved(alice, showing)
        confirmed, lowered = await asyncio.gather(
            later(turn % 4, alice.call("POST", f"/v1/bookings/{booking}/confirm")),
            boss.patch(f"/v1/admin/places/{showing.place}", {"capacity": 1}),
        )
        outcome = confirmed.status, lowered.status
        assert outcome in {(200, 409), (409, 200)}
        refused = confirmed if confirmed.status == 409 else lowered
        assert refused.refusal[1] in {"seats_unavailable", "capacity_below_sold"}


async def reserved(caller: Caller, showing: Showing) -> str:
    """Two seats in an open booking."""
    booking: str = (await caller.call("POST", f"/v1/sessions/{showing.session}/book")).body["booking"]["id"]
    assert (await caller.post(f"/v1/bookings/{booking}/reserve", {"seats": 2})).status == 200
    return booking


async def later(milliseconds: int, call: Any) -> Answer:
    await asyncio.sleep(milliseconds / 1_000)
    answer: Answer = await call
    return answer
