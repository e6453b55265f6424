"""Seat plans by their ids, remembered: they never change."""

from collections import OrderedDict

from holds.models import Seating
from service.errors import SEAT_PLAN_NOT_FOUND, ApiError
from service.postgres import Postgres
from service.seat_plans.plan import SeatPlan
from service.seat_plans.queries import read_plan

REMEMBERED = 128
"""A plan of 600 seats takes some 100 KB."""


class SeatPlans:
    """The seat plans of all places, those asked for last remembered."""

    def __init__(self, postgres: Postgres, *, remembered: int = REMEMBERED) -> None:
        self._postgres = postgres
        self._remembered = remembered
        self._known: OrderedDict[int, SeatPlan] = OrderedDict()

    async def get(self, plan_id: int) -> SeatPlan:
        """The plan of that id. Raises `ApiError` when it has gone with its place, and what `Postgres` raises."""
        plan = await self._find(plan_id)
        if plan is None:
            raise ApiError(SEAT_PLAN_NOT_FOUND)
        return plan

    async def seating(self, name: str) -> Seating | None:
        """What the engine asks for by the name that pools call their plan; None when there is none of that name."""
        plan = await self._find(int(name)) if name.isdecimal() else None
        return None if plan is None else plan.seating

    async def _find(self, plan_id: int) -> SeatPlan | None:
        if plan_id in self._known:
            self._known.move_to_end(plan_id)
            return self._known[plan_id]
        async with self._postgres.acquire() as connection:
            plan = await read_plan(connection, plan_id)
        return None if plan is None else self._remember(SeatPlan.of(plan_id, plan))

    def _remember(self, plan: SeatPlan) -> SeatPlan:
        self._known[plan.id] = plan
        if len(self._known) > self._remembered:
            self._known.popitem(last=False)
        return plan
