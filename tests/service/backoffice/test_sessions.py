"""Staff keep the schedule."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from tests.service.backoffice.conftest import NewMovie, NewPlace, NewSession, Sell
from tests.service.calls import Caller
from tests.service.factories import Showing

PATH = "/v1/admin/sessions"
STARTS_AT = datetime(2031, 6, 5, 18, tzinfo=UTC)


@pytest.fixture
async def body(new_movie: NewMovie, new_place: NewPlace) -> dict[str, Any]:
    """A session to create."""
    return {
        "movie_id": Entity.MOVIE.public(await new_movie()),
        "place_id": Entity.PLACE.public(await new_place(capacity=40)),
        "starts_at": "2031-06-05T20:00:00+02:00",
        "price": 1_250,
    }


async def shown(boss: Caller, session: str) -> dict[str, Any]:
    answer = await boss.get(f"{PATH}/{session}")
    assert answer.status == 200
    fields: dict[str, Any] = answer.body["session"]
    return fields


async def test_a_session_is_created_read_listed_and_deleted(boss: Caller, body: dict[str, Any]) -> None:
    created = await boss.post(PATH, body)
    assert created.status == 201
    session = created.body["session"]
    assert session == {
        "id": session["id"],
        "movie_id": body["movie_id"],
        "movie": {"id": body["movie_id"], "title": "Amélie"},
        "place_id": body["place_id"],
        "place": {"id": body["place_id"], "name": "Lumière"},
        "starts_at": "2031-06-05T18:00:00.000Z",
        "ends_at": "2031-06-05T20:02:00.000Z",
        "price": 1_250,
        "currency": "EUR",
        "capacity": 40,
        "sold": 0,
        "numbered": False,
        "cancelled_at": None,
        "created_at": session["created_at"],
    }
    assert await shown(boss, session["id"]) == session
    assert (await boss.get(PATH)).body["sessions"] == [session]
    movie = (await boss.get(f"/v1/movies/{body['movie_id']}")).body["movie"]
    assert movie["airing_dates"] == {"from": "2031-06-05", "to": "2031-06-05"}
    deleted = await boss.delete(f"{PATH}/{session['id']}")
    assert (deleted.status, deleted.body) == (204, None)
    assert (await boss.get(f"{PATH}/{session['id']}")).refusal == (404, "session_not_found")
    movie = (await boss.get(f"/v1/movies/{body['movie_id']}")).body["movie"]
    assert movie["airing_dates"] is None


async def test_the_list_is_of_a_movie_and_a_place(boss: Caller, new_session: NewSession) -> None:
    one = await new_session()
    two = await new_session(movie_id=one.movie_id)
    three = await new_session(place_id=one.place_id, starts_at=STARTS_AT)

    async def listed(**params: str) -> list[str]:
        return [session["id"] for session in (await boss.get(PATH, **params)).body["sessions"]]

    assert await listed() == [three.session, two.session, one.session]
    assert await listed(movie=one.movie) == [two.session, one.session]
    assert await listed(place=one.place) == [three.session, one.session]
    assert await listed(movie=one.movie, place=one.place) == [one.session]
    assert await listed(movie="mov_1") == []
    assert (await boss.get(PATH, movie=one.place, place="x")).codes == ["invalid_movie", "invalid_place"]


async def test_a_new_session_can_be_booked(boss: Caller, body: dict[str, Any]) -> None:
    session = (await boss.post(PATH, body)).body["session"]["id"]
    booking = (await boss.call("POST", f"/v1/sessions/{session}/book")).body["booking"]["id"]
    assert (await boss.post(f"/v1/bookings/{booking}/reserve", {"seats": 40})).status == 200
    assert (await boss.call("POST", f"/v1/bookings/{booking}/confirm")).status == 200
    assert (await shown(boss, session))["sold"] == 40


FAULTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"movie_id": "mov_1"}, ["invalid_movie_id"]),
    ({"place_id": "plc_1", "movie_id": "mov_1"}, ["invalid_movie_id", "invalid_place_id"]),
    ({"place_id": "mov_1", "movie_id": 1}, ["invalid_movie_id", "invalid_place_id"]),
    ({"starts_at": "2031-06-05"}, ["invalid_starts_at"]),
    ({"starts_at": "2031-06-05T20:00:00"}, ["invalid_starts_at"]),
    ({"starts_at": 1_900_000_000}, ["invalid_starts_at"]),
    ({"starts_at": "1899-12-31T23:59:59Z"}, ["invalid_starts_at"]),
    ({"starts_at": "2201-01-01T00:00:00Z"}, ["invalid_starts_at"]),
    ({"starts_at": None}, ["invalid_starts_at"]),
    ({"price": -1}, ["invalid_price"]),
    ({"price": 10_000_001}, ["invalid_price"]),
    ({"price": 12.5}, ["invalid_price"]),
    ({"currency": "eur"}, ["invalid_currency"]),
    ({"currency": "EURO"}, ["invalid_currency"]),
    ({"capacity": 5}, ["unknown_field"]),
]


async def test_faulty_fields_are_named(boss: Caller, body: dict[str, Any], new_session: NewSession) -> None:
    showing = await new_session()
    for change, codes in FAULTS:
        for answer in (await boss.post(PATH, body | change), await boss.patch(f"{PATH}/{showing.session}", change)):
            assert (answer.status, sorted(answer.codes)) == (422, codes), change
    missing = sorted((await boss.post(PATH, {})).codes)
    assert missing == ["missing_movie_id", "missing_place_id", "missing_price", "missing_starts_at"]


NO_SESSIONS = ["ses_1", "mov_1", "x"]


async def test_an_unknown_session_is_not_found(boss: Caller) -> None:
    for session_id in NO_SESSIONS:
        one = f"{PATH}/{session_id}"
        for answer in (await boss.get(one), await boss.patch(one, {"price": 9}), await boss.delete(one)):
            assert answer.refusal == (404, "session_not_found")


async def test_sessions_of_a_place_do_not_overlap(
    boss: Caller, body: dict[str, Any], new_place: NewPlace, new_session: NewSession
) -> None:
    assert (await boss.post(PATH, body)).status == 201  # 122 minutes and 15: until 20:17 UTC
    for starts_at, status in {
        "2031-06-05T18:00:00Z": 409,
        "2031-06-05T20:16:59.999Z": 409,
        "2031-06-05T15:43:00.001Z": 409,
        "2031-06-05T20:17:00Z": 201,
        "2031-06-05T15:43:00Z": 201,
    }.items():
        answer = await boss.post(PATH, body | {"starts_at": starts_at})
        assert answer.status == status
        assert status == 201 or answer.refusal == (409, "session_overlaps")
    assert (await boss.post(PATH, body | {"place_id": Entity.PLACE.public(await new_place())})).status == 201
    room = await new_place()
    cancelled = await new_session(place_id=room, starts_at=STARTS_AT, cancelled=True)
    assert (await boss.post(PATH, body | {"place_id": cancelled.place})).status == 201


async def test_a_session_moves(
    boss: Caller,
    resources: Resources,
    body: dict[str, Any],
    new_session: NewSession,
) -> None:
    showing = await new_session(starts_at=STARTS_AT)
    one = f"{PATH}/{showing.session}"
    await resources.engine.open(showing.session, "usr_1", {"bkg_1": 4}, lifetime=60_000, owner_limit=5)
    change = body | {"starts_at": "2031-06-05T16:00:00.000Z", "price": 0, "currency": "CHF"}
    changed = await boss.patch(one, change)
    assert changed.status == 200
    session = changed.body["session"]
    assert {name: session[name] for name in change} == change
    assert session["capacity"] == 40  # of the new place
    assert await shown(boss, showing.session) == session
    pool = await resources.engine.availability(showing.session)
    assert pool is not None
    assert (pool.capacity, pool.held, pool.version) == (40, 4, 2)
    assert pool.sales_end == datetime(2031, 6, 5, 16, tzinfo=UTC).timestamp() * 1_000
    for movie, dates in ((showing.movie, None), (body["movie_id"], {"from": "2031-06-05", "to": "2031-06-05"})):
        assert (await boss.get(f"/v1/movies/{movie}")).body["movie"]["airing_dates"] == dates


async def test_the_change_of_nothing_changes_nothing(boss: Caller, new_session: NewSession) -> None:
    showing = await new_session(starts_at=STARTS_AT)
    session = await shown(boss, showing.session)
    same = {name: session[name] for name in ("movie_id", "place_id", "starts_at", "price", "currency")}
    for change in ({}, same):
        answer = await boss.patch(f"{PATH}/{showing.session}", change)
        assert (answer.status, answer.body["session"]) == (200, session)


async def test_a_session_does_not_move_onto_another(boss: Caller, new_session: NewSession) -> None:
    first = await new_session(starts_at=STARTS_AT)
    second = await new_session(place_id=first.place_id, starts_at=STARTS_AT + timedelta(hours=3))
    one = f"{PATH}/{second.session}"
    assert (await boss.patch(one, {"starts_at": "2031-06-05T19:00:00Z"})).refusal == (409, "session_overlaps")
    elsewhere = await new_session(starts_at=STARTS_AT)
    change = {"place_id": first.place}
    assert (await boss.patch(f"{PATH}/{elsewhere.session}", change)).refusal == (409, "session_overlaps")
    assert (await shown(boss, second.session))["starts_at"] == "2031-06-05T21:00:00.000Z"


@pytest.fixture
async def sold(new_session: NewSession, sell: Sell) -> Showing:
    """A session with a confirmed booking."""
    showing = await new_session(starts_at=STARTS_AT)
    await sell(showing.session_id, 3)
    return showing


async def test_what_is_booked_is_neither_moved_nor_deleted(boss: Caller, sold: Showing, body: dict[str, Any]) -> None:
    one = f"{PATH}/{sold.session}"
    for name in ("movie_id", "place_id", "starts_at"):
        change = body | {"starts_at": "2031-06-05T18:30:00Z"}
        assert (await boss.patch(one, {name: change[name]})).refusal == (409, "has_bookings")
    assert (await boss.delete(one)).refusal == (409, "has_bookings")
    answer = await boss.patch(one, {"price": 1, "starts_at": "2031-06-05T18:00:00Z"})
    assert (answer.status, answer.body["session"]["price"]) == (200, 1)


async def test_cancelled_bookings_do_not_keep_a_session(
    boss: Caller, postgres: Postgres, new_session: NewSession, sell: Sell
) -> None:
    showing = await new_session()
    await sell(showing.session_id, status="cancelled")
    one = f"{PATH}/{showing.session}"
    assert (await boss.patch(one, {"starts_at": "2031-06-05T18:30:00Z"})).status == 200
    assert (await boss.delete(one)).status == 204
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM inventory") == 0


async def test_a_session_that_was_sold_stays_though_its_bookings_were_cancelled(
    boss: Caller, new_session: NewSession, sell: Sell
) -> None:
    """They are on record, and the e-mails about them may still be on their way."""
    showing = await new_session()
    await sell(showing.session_id)
    one = f"{PATH}/{showing.session}"
    assert (await boss.post(f"{one}/cancel", {})).status == 200
    assert (await boss.delete(one)).refusal == (409, "has_bookings")


async def test_deleting_ends_open_bookings_at_once(boss: Caller, new_session: NewSession) -> None:
    showing = await new_session()
    booking = (await boss.call("POST", f"/v1/sessions/{showing.session}/book")).body["booking"]["id"]
    assert (await boss.post(f"/v1/bookings/{booking}/reserve", {"seats": 2})).status == 200
    assert (await boss.delete(f"{PATH}/{showing.session}")).status == 204
    assert (await boss.call("POST", f"/v1/bookings/{booking}/confirm")).status in {404, 410}
    assert (await boss.call("POST", f"/v1/sessions/{showing.session}/book")).refusal == (404, "session_not_found")


async def test_a_cancelled_session_does_not_change_but_goes(boss: Caller, new_session: NewSession) -> None:
    one = f"{PATH}/{(await new_session(cancelled=True)).session}"
    assert (await boss.get(one)).body["session"]["cancelled_at"] is not None
    assert (await boss.patch(one, {"price": 1})).refusal == (409, "session_cancelled")
    assert (await boss.delete(one)).status == 204


async def test_a_cursor_belongs_to_its_list(boss: Caller, new_session: NewSession) -> None:
    for _ in range(2):
        await new_session()
    cursor = (await boss.get(PATH, limit="1")).body["metadata"]["end_cursor"]
    assert len((await boss.get(PATH, cursor=cursor)).body["sessions"]) == 1
    for other in ("movies", "places"):
        assert (await boss.get(f"/v1/admin/{other}", cursor=cursor)).refusal == (400, "invalid_cursor")
