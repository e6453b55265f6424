"""Totals agree with the rows that they come from, whatever happened to these."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import asyncpg

from service.postgres import Postgres
from tests.service.backoffice.conftest import NewSession
from tests.service.calls import Caller
from tests.service.factories import Account
from tests.service.reports.rows import Rows
from tests.service.reports.test_sales import WEEK, at

CHANGES = 150
_BY_HAND = """
    SELECT (SELECT (count(*), coalesce(sum(seats), 0), coalesce(sum(seats * unit_price), 0))
            FROM bookings WHERE status = 'confirmed') AS sales,
           (SELECT (count(confirmed_at), count(*) - count(confirmed_at)) FROM bookings) AS settled,
           (SELECT (count(*) FILTER (WHERE reason = 'lapsed'), count(*) FILTER (WHERE reason <> 'lapsed'))
            FROM lapsed_holds) AS lapses,
           (SELECT coalesce(sum(capacity), 0) FROM sessions JOIN inventory USING (id) WHERE cancelled_at IS NULL)
               AS capacity
"""


@dataclass
class Churn:
    """Changes of the bookings of some sessions, each at random."""

    rows: Rows
    user_id: int
    shows: list[int]
    random: Random = field(default_factory=lambda: Random(20_310_601))  # noqa: S311
    booked: dict[int, list[int]] = field(default_factory=dict)

    async def book(self, show: int) -> None:
        seats, price = self.random.randint(1, 6), self.random.randint(0, 2_000)
        self.booked.setdefault(show, []).append(await self.rows.book(show, self.user_id, seats, price=price))

    async def cancel(self, show: int) -> None:
        await self.rows.book(show, self.user_id, self.random.randint(0, 6), sold=False)

    async def refund(self, show: int) -> None:
        await self.rows.refund(show, self.booked.get(show, [])[:2])

    async def lapse(self, show: int) -> None:
        await self.rows.lapse(show, self.user_id, 2, self.random.choice(["lapsed", "lapsed", "session_gone"]))

    async def end(self, show: int) -> None:
        await self.rows.cancel_session(show)

    async def delete(self, show: int) -> None:
        if len(self.shows) > 3:
            self.shows.remove(show)
            await self.rows.delete_session(show)

    async def change(self) -> None:
        """Any change. One of a session that is deleted meanwhile may be refused."""
        changes = [self.book, self.cancel, self.refund, self.lapse, self.end, self.delete]
        [change] = self.random.choices(changes, [9, 3, 3, 3, 0.3, 0.2])
        with suppress(asyncpg.ForeignKeyViolationError):
            await change(self.random.choice(self.shows))


async def test_they_agree_with_the_rows_after_random_changes(
    boss: Caller, rows: Rows, postgres: Postgres, customer: Account, new_session: NewSession
) -> None:
    """Made to fail by leaving out the trigger of updates, or that of deletions."""
    shows = [(await new_session(starts_at=at(1 + n % 7, 10))).session_id for n in range(8)]
    churn = Churn(rows, customer.user_id, shows)
    for _ in range(CHANGES // 5):
        await asyncio.gather(*(churn.change() for _ in range(5)))
    async with postgres.acquire() as connection:
        by_hand = await connection.fetchrow(_BY_HAND)
    assert by_hand is not None
    sales, holds = [(await boss.get(f"/v1/admin/reports/{one}", **WEEK)).body for one in ("sales", "holds")]
    total, outcomes = sales["total"], holds["total"]
    assert (total["bookings"], total["seats"], total["revenue"]) == by_hand["sales"]
    assert total["capacity"] == by_hand["capacity"]
    (confirmed, cancelled), (lapsed, dropped) = by_hand["settled"], by_hand["lapses"]
    assert outcomes["opened"] == confirmed + cancelled + lapsed + dropped > CHANGES // 2
    assert (outcomes["confirmed"], outcomes["cancelled"], outcomes["lapsed"]) == (
        confirmed,
        cancelled + dropped,
        lapsed,
    )
    for report in (sales, holds):
        for name in report["total"].keys() - {"occupancy", "conversion"}:
            assert sum(row[name] for row in report["rows"]) == report["total"][name]
