"""Seat plans by their ids, remembered: they never change."""

from collections import OrderedDict
from collections.abc import Set

import structlog

from holds.models import Seating
from service.errors import SEAT_PLAN_NOT_FOUND, ApiError
from service.postgres import Connection, Postgres
from service.seat_plans.plan import SeatPlan
from service.seat_plans.queries import read_plan, read_plans

REMEMBERED = 128
"""A plan of 600 seats takes some 100 KB."""

log = structlog.get_logger(__name__)


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

    async def among(self, connection: Connection, plan_ids: Set[int]) -> dict[int, SeatPlan]:
        """Those of the plans that there are. What is not remembered is read on this connection, in one statement.

        One that makes no sense is left out: whoever needs several does not fail for it.
        """
        found = {plan_id: plan for plan_id in plan_ids if (plan := self._recall(plan_id))}
        if missing := plan_ids - found.keys():
            for row in await read_plans(connection, list(missing)):
                try:
                    found[row["id"]] = self._remember(SeatPlan.of(row["id"], row["plan"]))
                except (LookupError, TypeError, ValueError, AttributeError) as error:
                    log.warning("seat_plan_broken", seat_plan=row["id"], reason=repr(error))
        return found

    async def _find(self, plan_id: int) -> SeatPlan | None:
        if known := self._recall(plan_id):
            return known
        async with self._postgres.acquire() as connection:
            plan = await read_plan(connection, plan_id)
        return None if plan is None else self._remember(SeatPlan.of(plan_id, plan))

    def _recall(self, plan_id: int) -> SeatPlan | None:
        if plan_id in self._known:
            self._known.move_to_end(plan_id)
        return self._known.get(plan_id)

    def _remember(self, plan: SeatPlan) -> SeatPlan:
        self._known[plan.id] = plan
        if len(self._known) > self._remembered:
            self._known.popitem(last=False)
        return plan
