"""Staff keep the places."""

from datetime import UTC, datetime, timedelta
from typing import Any

from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from tests.service.backoffice.conftest import PLACE, NewMovie, NewPlace, NewSession, Sell
from tests.service.calls import Caller

PATH = "/v1/admin/places"


async def test_a_place_is_created_read_listed_changed_and_deleted(boss: Caller) -> None:
    created = await boss.post(PATH, PLACE)
    assert created.status == 201
    place = created.body["place"]
    derived = {"id": place["id"], "numbered": False, "created_at": place["created_at"]}
    assert place == PLACE | derived | {"timezone": "Europe/Paris", "seat_plan": None}
    one = f"{PATH}/{place['id']}"
    assert (await boss.get(one)).body == {"place": place}
    assert (await boss.get(PATH)).body["places"] == [{name: place[name] for name in place if name != "seat_plan"}]
    changed = await boss.patch(one, {"name": "Méliès", "timezone": "America/Martinique"})
    assert (changed.status, changed.body["place"]) == (
        200,
        place | {"name": "Méliès", "timezone": "America/Martinique"},
    )
    assert (await boss.patch(one, {})).body == changed.body
    deleted = await boss.delete(one)
    assert (deleted.status, deleted.body) == (204, None)
    assert (await boss.get(one)).refusal == (404, "place_not_found")


async def test_places_are_listed_by_name(boss: Caller, new_place: NewPlace) -> None:
    for name in ("Zoé", "Abel", "Lumière"):
        await new_place(name)
    assert [place["name"] for place in (await boss.get(PATH)).body["places"]] == ["Abel", "Lumière", "Zoé"]


FAULTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"name": ""}, ["invalid_name"]),
    ({"name": "x" * 121}, ["invalid_name"]),
    ({"name": " "}, ["invalid_name"]),
    ({"address": "x" * 501}, ["invalid_address"]),
    ({"address": None, "capacity": 0}, ["invalid_address", "invalid_capacity"]),
    ({"capacity": 100_001}, ["invalid_capacity"]),
    ({"capacity": 1.5}, ["invalid_capacity"]),
    ({"timezone": "Europe/Lyon"}, ["invalid_timezone"]),
    ({"timezone": "../etc/passwd"}, ["invalid_timezone"]),
    ({"timezone": "UTC+1"}, ["invalid_timezone"]),
    ({"timezone": "Europe/Paris\0"}, ["invalid_timezone"]),
    ({"timezone": ""}, ["invalid_timezone"]),
    ({"time_zone": "UTC"}, ["unknown_field"]),
]


async def test_faulty_fields_are_named(boss: Caller, new_place: NewPlace) -> None:
    one = f"{PATH}/{Entity.PLACE.public(await new_place())}"
    for change, codes in FAULTS:
        for answer in (await boss.post(PATH, PLACE | change), await boss.patch(one, change)):
            assert (answer.status, sorted(answer.codes)) == (422, codes), change


NO_PLACES = ["plc_1", "mov_1", "x"]


async def test_an_unknown_place_is_not_found(boss: Caller) -> None:
    for place_id in NO_PLACES:
        one = f"{PATH}/{place_id}"
        for answer in (await boss.get(one), await boss.patch(one, {"capacity": 9}), await boss.delete(one)):
            assert answer.refusal == (404, "place_not_found")


async def capacity(boss: Caller, session: str) -> int:
    seats: int = (await boss.get(f"/v1/sessions/{session}")).body["session"]["capacity"]
    return seats


async def test_coming_sessions_take_a_new_capacity_over(
    boss: Caller, new_place: NewPlace, new_session: NewSession
) -> None:
    place_id = await new_place(capacity=100)
    past = await new_session(place_id=place_id, starts_at=datetime.now(UTC) - timedelta(hours=1))
    coming = await new_session(place_id=place_id)
    cancelled = await new_session(place_id=place_id, capacity=0, cancelled=True)
    elsewhere = await new_session()
    assert (await boss.patch(f"{PATH}/{coming.place}", {"capacity": 40})).status == 200
    sessions = (past, coming, cancelled, elsewhere)
    assert [await capacity(boss, showing.session) for showing in sessions] == [100, 40, 0, 100]


async def test_the_pool_knows_a_new_capacity_at_once(
    boss: Caller, resources: Resources, new_place: NewPlace, new_session: NewSession
) -> None:
    showing = await new_session(place_id=await new_place(capacity=10), capacity=10)
    await resources.engine.open(showing.session, "usr_1", {"bkg_1": 4}, lifetime=60_000, owner_limit=5)
    assert (await boss.patch(f"{PATH}/{showing.place}", {"capacity": 6})).status == 200
    pool = await resources.engine.availability(showing.session)
    assert pool is not None
    assert (pool.capacity, pool.held, pool.version) == (6, 4, 2)


async def test_a_capacity_below_what_is_sold_is_refused(
    boss: Caller, new_place: NewPlace, new_session: NewSession, sell: Sell
) -> None:
    place_id = await new_place(capacity=10)
    past = await new_session(place_id=place_id, capacity=10, starts_at=datetime.now(UTC) - timedelta(hours=5))
    coming = await new_session(place_id=place_id, capacity=10)
    await sell(past.session_id, 9)
    await sell(coming.session_id, 5)
    one = f"{PATH}/{coming.place}"
    assert (await boss.patch(one, {"capacity": 4})).refusal == (409, "capacity_below_sold")
    assert (await boss.get(one)).body["place"]["capacity"] == 10
    assert await capacity(boss, coming.session) == 10
    assert (await boss.patch(one, {"capacity": 5})).status == 200


async def test_another_time_zone_moves_the_airing_dates(
    boss: Caller, new_movie: NewMovie, new_session: NewSession
) -> None:
    movie_id = await new_movie()
    showing = await new_session(movie_id=movie_id, starts_at=datetime(2026, 6, 5, 20, tzinfo=UTC))
    assert (await boss.patch(f"{PATH}/{showing.place}", {"timezone": "Pacific/Noumea"})).status == 200
    movie = (await boss.get(f"/v1/movies/{showing.movie}")).body["movie"]
    assert movie["airing_dates"] == {"from": "2026-06-06", "to": "2026-06-06"}


async def test_a_place_goes_with_its_sessions(
    boss: Caller, postgres: Postgres, resources: Resources, new_session: NewSession, sell: Sell
) -> None:
    showing = await new_session()
    await new_session(movie_id=showing.movie_id, place_id=showing.place_id, cancelled=True)
    await sell(showing.session_id, status="cancelled")
    await resources.engine.open(showing.session, "usr_1", {"bkg_1": 4}, lifetime=60_000, owner_limit=5)
    assert (await boss.delete(f"{PATH}/{showing.place}")).status == 204
    async with postgres.acquire() as connection:
        for table in ("places", "sessions", "inventory", "bookings"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608  # a constant
    assert await resources.engine.held([showing.session]) == [0]
    assert (await boss.get(f"/v1/movies/{showing.movie}")).body["movie"]["airing_dates"] is None


async def test_a_place_with_confirmed_bookings_stays(boss: Caller, new_session: NewSession, sell: Sell) -> None:
    showing = await new_session()
    await sell(showing.session_id)
    one = f"{PATH}/{showing.place}"
    assert (await boss.delete(one)).refusal == (409, "has_bookings")
    assert (await boss.get(one)).status == 200
