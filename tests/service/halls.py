"""Sessions with seat plans for tests."""

from dataclasses import dataclass
from typing import Any

from service.resources import Resources
from tests.service.factories import Factory, Showing
from tests.service.seat_plans.drawing import drawn


@dataclass(frozen=True, slots=True)
class Halls:
    """Inserts sessions that sell by a plan."""

    resources: Resources

    async def showing(self, *rows: str, price: int = 1_200, plan: Any = None, **session: Any) -> Showing:
        """A session in a new hall, whose plan is `plan`, or what `rows` draw."""
        factory = Factory(self.resources)
        place_id = await factory.place(plan=plan or drawn(*rows))
        return await factory.session(place_id=place_id, price=price, **session)

    async def seat(self, showing: Showing, plan: Any) -> None:
        """Sell an unsold session by another plan, as moving it to another place does; None: seats are only counted.

        Redis is not told.
        """
        plan_id = self.resources.ids.next()
        async with self.resources.postgres.transaction() as connection:
            if plan is not None:
                await connection.execute(
                    "INSERT INTO seat_plans (id, place_id, plan) VALUES ($1, $2, $3)", plan_id, showing.place_id, plan
                )
            await connection.execute(
                """
                UPDATE inventory SET seat_plan_id = plans.id, sold_seats = repeat('0', plans.cells)::bit varying,
                       capacity = COALESCE(plans.capacity, inventory.capacity)
                FROM (VALUES ($2::bigint)) AS wanted (id) LEFT JOIN seat_plans AS plans USING (id)
                WHERE inventory.id = $1
                """,
                showing.session_id,
                plan_id,
            )
