"""Places may come with their seat plans, in JSON Lines."""

from typing import Any

from service.postgres import Postgres
from tests.service.backoffice.importing.files import CSV, MOVIE, PLACE, SESSION, json_lines, refused, send
from tests.service.calls import Caller
from tests.service.seat_plans.drawing import drawn

PLAN = drawn(".. ww", "pp ll", supplements={"premium": 300})
NUMBERED: dict[str, Any] = {name: value for name, value in PLACE.items() if name != "capacity"} | {"seat_plan": PLAN}


async def test_sessions_are_sold_by_the_plan_of_their_place(boss: Caller, postgres: Postgres) -> None:
    """Whether the place is of the same file or there already."""
    later = SESSION | {"starts_at": "2031-06-06T20:00:00+02:00"}
    assert (await send(boss, json_lines([SESSION, MOVIE, NUMBERED]))).status == 200
    assert (await send(boss, json_lines([later]))).status == 200
    async with postgres.acquire() as connection:
        rows = await connection.fetch(
            """
            SELECT inventory.capacity, sold_seats::text, plan FROM inventory
            JOIN places ON places.seat_plan_id = inventory.seat_plan_id
            JOIN seat_plans ON seat_plans.id = places.seat_plan_id AND place_id = places.id
            """
        )
    assert [tuple(row) for row in rows] == [(8, "0" * 11, PLAN)] * 2


async def test_faults_of_a_plan_are_reported_with_its_line(boss: Caller) -> None:
    double = drawn("..") | {"rows": [{"label": "A", "seats": [{"number": 1}, {"number": 1, "kind": "sofa"}]}]}
    faulty = [
        NUMBERED | {"name": "One", "seat_plan": double},
        NUMBERED | {"name": "Two", "capacity": 9},
        NUMBERED | {"name": "Three", "seat_plan": None},
    ]
    assert await refused(boss, json_lines([PLACE, *faulty])) == [
        (2, "invalid_kind"),
        (2, "invalid_number"),
        (3, "invalid_capacity"),
        (4, "missing_capacity"),
    ]


async def test_a_cell_holds_no_plan(boss: Caller) -> None:
    file = b"type,name,address,seat_plan\nplace,Lumi\xc3\xa8re,1 rue Premi\xc3\xa8re,{}\n"
    assert await refused(boss, file, CSV) == [(1, "unknown_column")]
