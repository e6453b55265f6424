"""Staff draw the seat plans of places, and sessions take them over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holds.errors import NotNumbered
from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from tests.service.backoffice.conftest import PLACE, NewMovie, NewPlace, NewSession, Sell
from tests.service.calls import Answer, Caller
from tests.service.factories import Showing
from tests.service.seat_plans.drawing import drawn

PLACES, SESSIONS = "/v1/admin/places", "/v1/admin/sessions"
PLAN = drawn(".. ..", "ww ll", "pp pp", supplements={"premium": 300, "love": 150}, focal=("C", 2))
OTHER = drawn("...", "...")
NUMBERED = {name: value for name, value in PLACE.items() if name != "capacity"} | {"seat_plan": PLAN}


@pytest.fixture
async def place(boss: Caller) -> str:
    """The path of a place with `PLAN`."""
    created = await boss.post(PLACES, NUMBERED)
    assert created.status == 201
    return f"{PLACES}/{created.body['place']['id']}"


async def pool(postgres: Postgres, session_id: int) -> tuple[int, Any, str | None]:
    """Capacity, plan and bitmap of a session's inventory."""
    async with postgres.acquire() as connection:
        row = await connection.fetchrow(
            "SELECT inventory.capacity, plan, sold_seats::text FROM inventory"
            " LEFT JOIN seat_plans ON seat_plans.id = seat_plan_id WHERE inventory.id = $1",
            session_id,
        )
    assert row is not None
    return tuple(row)


async def plans(postgres: Postgres) -> int:
    async with postgres.acquire() as connection:
        number: int = await connection.fetchval("SELECT count(*) FROM seat_plans")
    return number


async def test_a_place_is_created_read_listed_and_deleted_with_a_plan(
    boss: Caller, place: str, postgres: Postgres
) -> None:
    shown = (await boss.get(place)).body["place"]
    assert shown["seat_plan"] == PLAN
    assert (shown["capacity"], shown["numbered"]) == (12, True)
    [listed] = (await boss.get(PLACES)).body["places"]
    assert listed == {name: value for name, value in shown.items() if name != "seat_plan"}
    assert (await boss.delete(place)).status == 204
    assert await plans(postgres) == 0


async def test_what_a_plan_leaves_out(boss: Caller) -> None:
    seats = [{"number": 1.0}, None, {"number": 2, "kind": "wheelchair"}]
    plan = {"rows": [{"label": "AA", "seats": seats}]}
    created = await boss.post(PLACES, NUMBERED | {"seat_plan": plan, "capacity": 2})
    assert created.body["place"]["seat_plan"] == {
        "rows": [{"label": "AA", "seats": [{"number": 1, "kind": "standard"}, *seats[1:]]}],
        "focal_point": None,
        "supplements": {},
    }


async def test_a_plan_is_replaced_and_removed(boss: Caller, place: str, postgres: Postgres) -> None:
    changed = await boss.patch(place, {"seat_plan": OTHER})
    assert (changed.body["place"]["seat_plan"], changed.body["place"]["capacity"]) == (OTHER, 6)
    renamed = await boss.patch(place, {"name": "Méliès", "capacity": 6})
    assert renamed.body["place"] == changed.body["place"] | {"name": "Méliès"}
    removed = (await boss.patch(place, {"seat_plan": None})).body["place"]
    assert (removed["seat_plan"], removed["capacity"], removed["numbered"]) == (None, 6, False)
    assert (await boss.patch(place, {"seat_plan": None, "capacity": 90})).body["place"]["capacity"] == 90
    again = (await boss.patch(place, {"seat_plan": PLAN, "capacity": 12})).body["place"]
    assert (again["seat_plan"], again["capacity"]) == (PLAN, 12)
    assert await plans(postgres) == 3


async def test_the_same_plan_is_no_change(boss: Caller, place: str, postgres: Postgres) -> None:
    before = (await boss.get(place)).body
    assert (await boss.patch(place, {"seat_plan": before["place"]["seat_plan"]})).body == before
    assert await plans(postgres) == 1


async def test_the_capacity_is_that_of_the_plan(boss: Caller, place: str) -> None:
    refusals = [
        await boss.post(PLACES, NUMBERED | {"capacity": 13}),
        await boss.patch(place, {"capacity": 13}),
        await boss.patch(place, {"seat_plan": OTHER, "capacity": 12}),
    ]
    for answer in refusals:
        assert answer.refusal == (422, "invalid_capacity")
    for missing in ({}, {"seat_plan": None}):
        answer = await boss.post(PLACES, {"name": "Lumière", "address": "1 rue Première"} | missing)
        assert answer.refusal == (422, "missing_capacity")


def with_row(index: int, **row: Any) -> Any:
    """`PLAN` with another row in place of one."""
    rows: list[Any] = [*PLAN["rows"]]
    rows[index] = rows[index] | row
    return PLAN | {"rows": rows}


def seats(*numbers: int) -> list[dict[str, Any]]:
    return [{"number": number} for number in numbers]


FAULTY_PLANS: dict[str, tuple[Any, set[str]]] = {
    "no plan": ("A", {""}),
    "nothing": ({}, {"rows"}),
    "no rows": ({"rows": []}, {"rows"}),
    "too many rows": ({"rows": [{"label": str(n), "seats": seats(1)} for n in range(100, 201)]}, {"rows"}),
    "too many seats": (
        {"rows": [{"label": f"{n:02}", "seats": seats(*range(1, 22 if n else 23))} for n in range(96)]},
        {"rows"},
    ),
    "too wide a row": (drawn("." * 101), {"rows.0.seats"}),
    "a row of no cells": (with_row(0, seats=[]), {"rows.0.seats"}),
    "a row of gaps": (with_row(0, seats=[None, None]), {"rows.0.seats"}),
    "lower case": (with_row(0, label="a"), {"rows.0.label"}),
    "an accent": (with_row(0, label="É"), {"rows.0.label"}),
    "four characters": (with_row(0, label="ABCD"), {"rows.0.label"}),
    "a line break": (with_row(0, label="A\n"), {"rows.0.label"}),
    "no label": (with_row(0, label=""), {"rows.0.label"}),
    "a label twice": (with_row(1, label="A"), {"rows.1.label"}),
    "number 0": (with_row(0, seats=seats(0)), {"rows.0.seats.0.number"}),
    "number 1000": (with_row(0, seats=seats(1, 1_000)), {"rows.0.seats.1.number"}),
    "a number twice": (with_row(0, seats=[*seats(1, 2), None, *seats(1)]), {"rows.0.seats.3.number"}),
    "an unknown kind": (with_row(0, seats=[{"number": 1, "kind": "sofa"}]), {"rows.0.seats.0.kind"}),
    "a field too many": (with_row(0, seats=[{"number": 1, "price": 1}]), {"rows.0.seats.0.price"}),
    "a label of two rows": (
        {"rows": [{"label": "F", "seats": seats(1, 11)}, {"label": "F1", "seats": seats(2, 1)}]},
        {"rows.1.seats.1.number"},
    ),
    "no such focal row": (PLAN | {"focal_point": {"row": "Z", "number": 1}}, {"focal_point"}),
    "no such focal seat": (PLAN | {"focal_point": {"row": "A", "number": 5}}, {"focal_point"}),
    "a focal seat that sounds like another": (
        {"rows": [{"label": "F", "seats": seats(1, 11)}], "focal_point": {"row": "F1", "number": 1}},
        {"focal_point"},
    ),
    "half a focal point": (PLAN | {"focal_point": {"row": "A"}}, {"focal_point.number"}),
    "an unknown supplement": (PLAN | {"supplements": {"sofa": 1}}, {"supplements.sofa"}),
    "a discount": (PLAN | {"supplements": {"love": -1}}, {"supplements.love"}),
    "too dear": (PLAN | {"supplements": {"love": 100_001}}, {"supplements.love"}),
    "everything at once": (
        {
            "rows": [
                {"label": "A", "seats": [{"number": 1, "kind": "sofa"}, None, *seats(1)]},
                {"label": "b", "seats": [None]},
                {"label": "A", "seats": []},
            ],
            "focal_point": {"row": "Z", "number": 1},
            "supplements": {"love": "dear"},
        },
        {
            *("rows.0.seats.0.kind", "rows.0.seats.2.number", "rows.1.label", "rows.1.seats", "rows.2.label"),
            *("rows.2.seats", "focal_point", "supplements.love"),
        },
    ),
}


async def test_faults_of_a_plan_are_named_all_at_once(boss: Caller, place: str) -> None:
    for name, (plan, places) in FAULTY_PLANS.items():
        for answer in (
            await boss.post(PLACES, NUMBERED | {"seat_plan": plan, "name": ""}),
            await boss.patch(place, {"seat_plan": plan, "name": ""}),
        ):
            assert answer.status == 422, name
            faulty = [error["field"] for error in answer.body["errors"]]
            assert sorted(faulty) == sorted(["name", *(f"seat_plan.{one}".rstrip(".") for one in places)]), name


async def test_the_largest_plan(boss: Caller, place: str) -> None:
    rows = [{"label": f"{n:02}", "seats": seats(*range(1, 21))} for n in range(100)]
    changed = await boss.patch(place, {"seat_plan": {"rows": rows}})
    assert (changed.status, changed.body["place"]["capacity"]) == (200, 2_000)


async def schedule(boss: Caller, place: str, movie: int, **fields: Any) -> Answer:
    """A session that was just scheduled at the place of that path."""
    body = {"movie_id": Entity.MOVIE.public(movie), "place_id": place.rpartition("/")[2], "price": 900}
    return await boss.post(SESSIONS, body | {"starts_at": "2031-06-05T20:00:00Z"} | fields)


def number(session: Answer) -> int:
    found = Entity.SESSION.number(session.body["session"]["id"])
    assert found is not None
    return found


async def test_a_new_session_takes_the_plan_over(
    boss: Caller, place: str, postgres: Postgres, new_movie: NewMovie
) -> None:
    created = await schedule(boss, place, await new_movie())
    assert (created.body["session"]["capacity"], created.body["session"]["numbered"]) == (12, True)
    assert await pool(postgres, number(created)) == (12, PLAN, "0" * 17)


async def test_sessions_keep_the_plan_that_they_were_made_with(
    boss: Caller, place: str, postgres: Postgres, new_movie: NewMovie
) -> None:
    movie = await new_movie()
    first = await schedule(boss, place, movie)
    await boss.patch(place, {"seat_plan": OTHER})
    second = await schedule(boss, place, movie, starts_at="2031-06-06T20:00:00Z")
    await boss.patch(place, {"seat_plan": None, "capacity": 50})
    third = await schedule(boss, place, movie, starts_at="2031-06-07T20:00:00Z")
    await boss.patch(place, {"capacity": 40})
    assert await pool(postgres, number(first)) == (12, PLAN, "0" * 17)
    assert await pool(postgres, number(second)) == (6, OTHER, "0" * 7)
    assert await pool(postgres, number(third)) == (40, None, None)
    await boss.patch(place, {"seat_plan": PLAN})
    assert await pool(postgres, number(third)) == (12, None, None)  # the room has that many seats
    assert await pool(postgres, number(second)) == (6, OTHER, "0" * 7)


async def test_a_plan_with_fewer_seats_than_a_counted_session_sold_is_refused(
    boss: Caller, new_place: NewPlace, new_session: NewSession, sell: Sell
) -> None:
    showing = await new_session(place_id=await new_place())
    await sell(showing.session_id, 7)
    one = f"{PLACES}/{showing.place}"
    assert (await boss.patch(one, {"seat_plan": OTHER})).refusal == (409, "capacity_below_sold")
    assert (await boss.get(one)).body["place"]["numbered"] is False
    assert (await boss.patch(one, {"seat_plan": PLAN})).status == 200


@pytest.fixture
async def showing(new_place: NewPlace, new_session: NewSession) -> Showing:
    """A session that is sold by `PLAN`."""
    return await new_session(place_id=await new_place(plan=PLAN), starts_at=datetime.now(UTC) + timedelta(days=2))


async def test_a_session_that_moves_takes_the_other_plan_over(
    boss: Caller, postgres: Postgres, resources: Resources, new_place: NewPlace, showing: Showing
) -> None:
    one = f"{SESSIONS}/{showing.session}"
    hall, barn = await new_place(plan=OTHER), await new_place(capacity=70)
    for place_id, expected in (
        (hall, (6, OTHER, "0" * 7)),
        (barn, (70, None, None)),
        (showing.place_id, (12, PLAN, "0" * 17)),
    ):
        moved = await boss.patch(one, {"place_id": Entity.PLACE.public(place_id)})
        assert (moved.body["session"]["capacity"], moved.body["session"]["numbered"]) == (
            expected[0],
            expected[1] is not None,
        )
        assert await pool(postgres, showing.session_id) == expected


async def test_the_pool_knows_another_plan_at_once(
    boss: Caller, resources: Resources, new_place: NewPlace, showing: Showing
) -> None:
    engine, one = resources.engine, f"{SESSIONS}/{showing.session}"
    await engine.open(showing.session, "usr_1", {"bkg_1": 2}, lifetime=60_000, owner_limit=5)
    assert (await engine.seats(showing.session)).seating.cells == ".. ..\nww ..\n.. .."
    hall, barn = await new_place(plan=OTHER), await new_place(capacity=70)
    assert (await boss.patch(one, {"place_id": Entity.PLACE.public(hall)})).status == 200
    seats = await engine.seats(showing.session)
    assert (seats.seating.cells, seats.capacity, seats.held) == ("...\n...", 6, 2)
    assert (await boss.patch(one, {"place_id": Entity.PLACE.public(barn)})).status == 200
    with pytest.raises(NotNumbered):
        await engine.seats(showing.session)


async def test_another_time_or_movie_does_not_change_the_plan(
    boss: Caller, postgres: Postgres, new_movie: NewMovie, showing: Showing
) -> None:
    one = f"{SESSIONS}/{showing.session}"
    assert (await boss.patch(f"{PLACES}/{showing.place}", {"seat_plan": OTHER})).status == 200
    for change in (
        {"starts_at": "2031-06-05T20:00:00Z"},
        {"movie_id": Entity.MOVIE.public(await new_movie())},
        {"price": 700},
        {"place_id": showing.place},
    ):
        assert (await boss.patch(one, change)).status == 200
        assert await pool(postgres, showing.session_id) == (12, PLAN, "0" * 17)


async def test_a_counted_session_stays_counted_where_it_is(
    boss: Caller, postgres: Postgres, new_place: NewPlace, new_session: NewSession
) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    showing = await new_session(place_id=await new_place(capacity=70), capacity=70, starts_at=past)
    await boss.patch(f"{PLACES}/{showing.place}", {"seat_plan": PLAN})
    assert await pool(postgres, showing.session_id) == (70, None, None)
    assert (await boss.patch(f"{SESSIONS}/{showing.session}", {"starts_at": "2031-06-05T20:00:00Z"})).status == 200
    assert await pool(postgres, showing.session_id) == (12, None, None)


async def test_a_sold_session_does_not_leave_its_plan(
    boss: Caller, postgres: Postgres, new_place: NewPlace, showing: Showing
) -> None:
    await sell_seat(postgres, showing)
    change = {"place_id": Entity.PLACE.public(await new_place(plan=OTHER))}
    assert (await boss.patch(f"{SESSIONS}/{showing.session}", change)).refusal == (409, "has_bookings")
    assert await pool(postgres, showing.session_id) == (12, PLAN, "01" + "0" * 15)


async def test_a_cancelled_session_has_no_seat_sold(boss: Caller, postgres: Postgres, showing: Showing) -> None:
    await sell_seat(postgres, showing)
    assert (await boss.call("POST", f"{SESSIONS}/{showing.session}/cancel")).status == 200
    assert await pool(postgres, showing.session_id) == (0, PLAN, "0" * 17)


async def test_a_place_goes_with_its_numbered_sessions(boss: Caller, postgres: Postgres, showing: Showing) -> None:
    assert (await boss.patch(f"{PLACES}/{showing.place}", {"seat_plan": OTHER})).status == 200
    assert (await boss.delete(f"{PLACES}/{showing.place}")).status == 204
    assert await plans(postgres) == 0


async def sell_seat(postgres: Postgres, showing: Showing) -> None:
    """A2, to somebody."""
    async with postgres.transaction() as connection:
        await connection.execute(
            "UPDATE inventory SET sold = 1, sold_seats = set_bit(sold_seats, 1, 1) WHERE id = $1", showing.session_id
        )
        await connection.execute(
            """
            WITH customer AS (INSERT INTO users (id, email) VALUES (1, 'a@example.com') RETURNING id), sold AS (
                INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at,
                                      closes_at, confirmed_at)
                SELECT 1, $1, id, 1, 'confirmed', 900, 'EUR', now(), now(), now() FROM customer RETURNING id
            )
            INSERT INTO booking_seats (session_id, label, booking_id, position, kind, price)
            SELECT $1, 'A2', id, 1, 'standard', 900 FROM sold
            """,
            showing.session_id,
        )
