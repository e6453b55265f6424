"""Totals agree with the rows that they come from, whatever happened to these."""

from service.postgres import Postgres
from tests.service.backoffice.conftest import NewSession
from tests.service.calls import Caller
from tests.service.factories import Account
from tests.service.reports.churn import Churn
from tests.service.reports.rows import Rows
from tests.service.reports.test_sales import WEEK, at

CHANGES = 150
_BY_HAND = """
    SELECT (SELECT (count(*), coalesce(sum(seats), 0), coalesce(sum(seats * unit_price + supplements), 0))
            FROM bookings WHERE status = 'confirmed') AS sales,
           (SELECT (count(confirmed_at), count(*) - count(confirmed_at)) FROM bookings) AS settled,
           (SELECT (count(*) FILTER (WHERE reason = 'lapsed'), count(*) FILTER (WHERE reason <> 'lapsed'))
            FROM lapsed_holds) AS lapses,
           (SELECT coalesce(sum(capacity), 0) FROM sessions JOIN inventory USING (id) WHERE cancelled_at IS NULL)
               AS capacity
"""


async def test_they_agree_with_the_rows_after_random_changes(
    boss: Caller, rows: Rows, postgres: Postgres, customer: Account, new_session: NewSession
) -> None:
    """Made to fail by leaving out the trigger of updates, or that of deletions."""
    shows = [(await new_session(starts_at=at(1 + n % 7, 10))).session_id for n in range(8)]
    await Churn(rows, customer.user_id, shows).run(CHANGES)
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
