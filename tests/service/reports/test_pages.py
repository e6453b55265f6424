"""Views, visitors and time on page."""

from datetime import UTC, datetime, timedelta

from tests.service.calls import Caller
from tests.service.reports.rows import Rows

PATH = "/v1/admin/reports/pages"
DAY = {"from": "2026-06-05", "to": "2026-06-05"}
NOON = datetime(2026, 6, 5, 10, tzinfo=UTC)


async def test_views_visitors_and_seconds(boss: Caller, rows: Rows) -> None:
    visits = [
        ("ann", "page_enter", "/movies", 0),
        ("bob", "page_enter", "/movies", 5),
        ("ann", "page_exit", "/movies", 10),
        ("ann", "page_exit", "/movies", 11),
        ("bob", "page_enter", "/movies", 20),
        ("bob", "page_exit", "/movies", 21.5),
        ("ann", "page_enter", "/", 30),
        ("ann", "page_exit", "/movies", 40),
        ("cyd", "page_exit", "/left", 50),
    ]
    for visitor, type_, path, seconds in visits:
        await rows.visit(visitor, type_, path, NOON + timedelta(seconds=seconds))
    assert (await boss.get(PATH, **DAY)).body["rows"] == [
        {"path": "/movies", "views": 3, "visitors": 2, "average_seconds": 5.75},
        {"path": "/", "views": 1, "visitors": 1, "average_seconds": None},
    ]
    assert [row["path"] for row in (await boss.get(PATH, **DAY, limit="1")).body["rows"]] == ["/movies"]


async def test_days_are_those_of_the_chain(boss: Caller, rows: Rows) -> None:
    midnight = datetime(2026, 6, 4, 22, tzinfo=UTC)
    for path, seconds in (("/before", -0.001), ("/first", 0), ("/last", 86_399.999), ("/after", 86_400)):
        await rows.visit("ann", "page_enter", path, midnight + timedelta(seconds=seconds))
    assert [row["path"] for row in (await boss.get(PATH, **DAY)).body["rows"]] == ["/first", "/last"]
