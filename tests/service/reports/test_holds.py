"""What came of holds."""

from service.ids import Entity
from tests.service.backoffice.conftest import NewSession
from tests.service.calls import Caller
from tests.service.factories import Account
from tests.service.reports.rows import Rows
from tests.service.reports.test_sales import WEEK, at

PATH = "/v1/admin/reports/holds"


async def test_outcomes(boss: Caller, rows: Rows, customer: Account, new_session: NewSession) -> None:
    one, other = [await new_session(starts_at=at(day, 10)) for day in (1, 2)]
    user_id = customer.user_id
    sold = [await rows.book(one.session_id, user_id, 2) for _ in range(3)]
    await rows.refund(one.session_id, sold[:1])
    await rows.book(one.session_id, user_id, 0, sold=False)
    await rows.lapse(one.session_id, user_id, 2)
    await rows.lapse(one.session_id, user_id, 0)
    await rows.lapse(other.session_id, user_id, 1, "session_gone")
    answer = await boss.get(PATH, **WEEK, group_by="place")
    outcomes = {row["key"]: tuple(row.values())[2:] for row in answer.body["rows"]}
    assert outcomes == {one.place: (6, 3, 1, 2, 0.5), other.place: (1, 0, 1, 0, 0.0)}
    assert answer.body["total"] == {"opened": 7, "confirmed": 3, "cancelled": 2, "lapsed": 2, "conversion": 0.4286}
    assert [row["key"] for row in (await boss.get(PATH, **WEEK)).body["rows"]] == ["2031-06-01", "2031-06-02"]
    assert Entity.SESSION.public(one.session_id) in str((await boss.get(PATH, **WEEK, group_by="session")).body)


async def test_none(boss: Caller) -> None:
    total = {"opened": 0, "confirmed": 0, "cancelled": 0, "lapsed": 0, "conversion": None}
    assert (await boss.get(PATH, **WEEK)).body == {"rows": [], "total": total}
