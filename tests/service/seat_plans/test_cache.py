"""Plans are read once, and the last ones are remembered."""

import pytest

from service.errors import SEAT_PLAN_NOT_FOUND, ApiError
from service.postgres import Postgres
from service.seat_plans.cache import SeatPlans
from service.settings import Settings
from tests.service.factories import Factory
from tests.service.query_log import logged_queries
from tests.service.seat_plans.drawing import drawn


async def new_plan(factory: Factory, postgres: Postgres, *rows: str) -> int:
    """The id of the plan of a new place."""
    place_id = await factory.place(plan=drawn(*rows))
    async with postgres.acquire() as connection:
        number: int = await connection.fetchval("SELECT seat_plan_id FROM places WHERE id = $1", place_id)
    return number


async def test_a_plan_is_read_once(factory: Factory, postgres: Postgres) -> None:
    plans, plan_id = SeatPlans(postgres), await new_plan(factory, postgres, "..", "w.")
    plan = await plans.get(plan_id)
    assert (plan.id, list(plan.seats)) == (plan_id, ["A1", "A2", "B1", "B2"])
    async with logged_queries(postgres) as statements:
        assert await plans.get(plan_id) is plan
        assert await plans.seating(str(plan_id)) is plan.seating
    assert statements == []


async def test_those_asked_for_last_are_remembered(factory: Factory, postgres: Postgres) -> None:
    plans = SeatPlans(postgres, remembered=2)
    first, second, third = [await new_plan(factory, postgres, "." * seats) for seats in (1, 2, 3)]
    for plan_id in (first, second, first, third):  # the second one is forgotten
        await plans.get(plan_id)
    async with logged_queries(postgres) as statements:
        await plans.get(first)
        await plans.get(third)
        assert statements == []
        assert len((await plans.get(second)).seats) == 2
        assert len(statements) == 1


async def test_there_may_be_no_such_plan(postgres: Postgres) -> None:
    plans = SeatPlans(postgres)
    assert await plans.seating("1") is None
    assert await plans.seating("none") is None
    with pytest.raises(ApiError) as refusal:
        await plans.get(1)
    assert refusal.value.kind is SEAT_PLAN_NOT_FOUND


async def test_several_are_read_on_the_connection_at_hand(
    factory: Factory, postgres: Postgres, settings: Settings
) -> None:
    """No other one is free. Made to fail by `get` for each: that waits for a connection until time is out."""
    first, second = [await new_plan(factory, postgres, "." * seats) for seats in (1, 2)]
    async with Postgres.open(settings.database_url, max_size=2) as narrow, narrow.acquire():
        plans = SeatPlans(narrow)
        async with narrow.transaction() as connection:
            found = await plans.among(connection, {first, second, 1})
            assert {number: len(plan.seats) for number, plan in found.items()} == {first: 1, second: 2}
            assert await plans.get(first) is found[first]
            assert (await plans.among(connection, {second}))[second] is found[second]
