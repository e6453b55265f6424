"""What was sold, by day, movie, place and session."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from service.http.tables import as_csv
from service.ids import Entity
from service.reports.schemas import PageRow, PagesReport
from tests.service.backoffice.conftest import NewMovie, NewPlace, NewSession
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account
from tests.service.reports.rows import Rows

PATH = "/v1/admin/reports/sales"
WEEK = {"from": "2031-06-01", "to": "2031-06-07"}


def at(day: int, hour: int) -> datetime:
    return datetime(2031, 6, day, hour, tzinfo=UTC)


async def test_each_way_to_sum_up(
    boss: Caller, rows: Rows, customer: Account, new_movie: NewMovie, new_place: NewPlace, new_session: NewSession
) -> None:
    dune, alien = await new_movie("Dune"), await new_movie("Alien")
    rex, odeon = await new_place("Rex"), await new_place("Odéon")
    first = await new_session(movie_id=dune, place_id=rex, starts_at=at(1, 10), capacity=10)
    # In Paris, the next day has begun.
    second = await new_session(movie_id=dune, place_id=odeon, starts_at=at(1, 22), capacity=40)
    await new_session(movie_id=alien, place_id=rex, starts_at=at(7, 10), capacity=30)
    outside = await new_session(movie_id=alien, place_id=rex, starts_at=at(8, 10))
    for session_id, seats, price in (
        (first.session_id, 2, 1_000),
        (first.session_id, 1, 900),
        (second.session_id, 4, 500),
    ):
        await rows.book(session_id, customer.user_id, seats, price=price)
    await rows.book(outside.session_id, customer.user_id, 5)

    def row(key: str, label: str, bookings: int, seats: int, revenue: int, capacity: int) -> dict[str, object]:
        sums = {"bookings": bookings, "seats": seats, "revenue": revenue, "capacity": capacity}
        return {"key": key, "label": label, **sums, "occupancy": round(seats / capacity, 4)}

    expected = {
        "day": [
            row("2031-06-01", "2031-06-01", 2, 3, 2_900, 10),
            row("2031-06-02", "2031-06-02", 1, 4, 2_000, 40),
            row("2031-06-07", "2031-06-07", 0, 0, 0, 30),
        ],
        "movie": [
            row(Entity.MOVIE.public(alien), "Alien", 0, 0, 0, 30),
            row(Entity.MOVIE.public(dune), "Dune", 3, 7, 4_900, 50),
        ],
        "place": [
            row(Entity.PLACE.public(odeon), "Odéon", 1, 4, 2_000, 40),
            row(Entity.PLACE.public(rex), "Rex", 2, 3, 2_900, 40),
        ],
    }
    total = {"bookings": 3, "seats": 7, "revenue": 4_900, "capacity": 80, "occupancy": 0.0875}
    for group, found in expected.items():
        answer = await boss.get(PATH, **WEEK, group_by=group)
        assert answer.body == {"rows": found, "total": total}
    answer = await boss.get(PATH, **WEEK, group_by="session")
    assert answer.body["rows"][0] == row(first.session, "Dune, Rex, 2031-06-01T10:00:00.000Z", 2, 3, 2_900, 10)
    assert answer.body["total"] == total


async def test_refunds_and_cancelled_sessions_are_taken_out_at_once(
    boss: Caller, rows: Rows, customer: Account, new_session: NewSession
) -> None:
    one, other = [await new_session(starts_at=at(day, 10), capacity=10) for day in (1, 2)]
    booked = [await rows.book(show.session_id, customer.user_id, 2) for show in (one, one, other)]
    await rows.refund(one.session_id, booked[:1])
    assert (await boss.get(PATH, **WEEK)).body["total"] == {
        "bookings": 2,
        "seats": 4,
        "revenue": 4_800,
        "capacity": 20,
        "occupancy": 0.2,
    }
    await rows.cancel_session(one.session_id)
    await rows.cancel_session(other.session_id)
    nothing = {"bookings": 0, "seats": 0, "revenue": 0, "capacity": 0, "occupancy": None}
    assert (await boss.get(PATH, **WEEK)).body["total"] == nothing


async def test_revenue_is_of_one_currency(boss: Caller, rows: Rows, customer: Account, new_session: NewSession) -> None:
    show = await new_session(starts_at=at(1, 10))
    await rows.book(show.session_id, customer.user_id, 2, price=1_000)
    await rows.book(show.session_id, customer.user_id, 3, price=1_100, currency="CHF")
    totals = {one: (await boss.get(PATH, **WEEK, currency=one)).body["total"] for one in ("EUR", "CHF", "USD")}
    assert {one: total["revenue"] for one, total in totals.items()} == {"EUR": 2_000, "CHF": 3_300, "USD": 0}
    assert {(total["bookings"], total["seats"], total["capacity"]) for total in totals.values()} == {(2, 5, 100)}


async def test_managers_see_their_places(
    client: Client, rows: Rows, manager: Account, customer: Account, new_session: NewSession
) -> None:
    own, foreign = [await new_session(starts_at=at(day, 10)) for day in (1, 2)]
    for show in (own, foreign):
        await rows.book(show.session_id, customer.user_id, 2)
    caller = Caller(client, manager)
    assert (await caller.get(PATH, **WEEK)).body["rows"] == []
    await rows.assign(manager.user_id, own.place_id)
    for report in (PATH, "/v1/admin/reports/holds"):
        for group in ("day", "movie", "place", "session"):
            assert len((await caller.get(report, **WEEK, group_by=group)).body["rows"]) == 1


@pytest.mark.parametrize("report", ["sales", "holds", "pages"])
async def test_who_may_read(client: Client, manager: Account, customer: Account, report: str) -> None:
    path = f"/v1/admin/reports/{report}"
    assert (await Caller(client).get(path)).refusal == (401, "missing_token")
    assert (await Caller(client, customer).get(path)).refusal == (403, "forbidden")
    answer = await Caller(client, manager).get(path)
    assert answer.status == (403 if report == "pages" else 200)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "2031-06-02", "to": "2031-06-01"}, "invalid_from"),
        ({"from": "2030-01-01", "to": "2031-06-01"}, "invalid_from"),
        ({"from": "2031-01-01", "to": "2031-06-01", "group_by": "session"}, "invalid_from"),
        ({"from": "0001-02-30"}, "invalid_from"),
        ({"to": "tomorrow"}, "invalid_to"),
        ({"to": "1796320800"}, "invalid_to"),
        ({"group_by": "year"}, "invalid_group_by"),
        ({"currency": "eur"}, "invalid_currency"),
        ({"week": "1"}, "unknown_parameter"),
    ],
)
async def test_queries_with_faults(boss: Caller, query: dict[str, str], code: str) -> None:
    assert (await boss.get(PATH, **query)).refusal == (422, code)


async def test_without_dates_it_is_of_the_last_thirty_days(boss: Caller, new_session: NewSession) -> None:
    now = datetime.now(UTC)
    for days in (-31, -28, -1, 2):
        await new_session(starts_at=now + timedelta(days=days))
    assert len((await boss.get(PATH)).body["rows"]) == 2
    assert (await boss.get(PATH, to="0001-01-01")).body["rows"] == []


async def test_as_a_table(
    boss: Caller,
    client: Client,
    admin: Account,
    rows: Rows,
    customer: Account,
    new_movie: NewMovie,
    new_session: NewSession,
) -> None:
    movie = await new_movie('=HYPERLINK("x"), "two"')
    show = await new_session(movie_id=movie, starts_at=at(1, 10), capacity=100)
    await rows.book(show.session_id, customer.user_id, 2)
    headers = {**admin.headers, "Accept": "application/json;q=0.5, text/csv"}
    query = {**WEEK, "group_by": "movie"}
    async with client.get(PATH, params=query, headers=headers) as response:
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert "Accept" in response.headers.getall("Vary")
        assert await response.text() == (
            "key,label,bookings,seats,revenue,capacity,occupancy\r\n"
            f'{show.movie},"\'=HYPERLINK(""x""), ""two""",1,2,2400,100,0.02\r\n'
        )
    for accept in ("*/*", "text/csv;q=0", "application/json, text/csv", "text/csv;q=bad", ""):
        async with client.get(PATH, params=query, headers={**admin.headers, "Accept": accept}) as response:
            assert response.content_type == "application/json"
            assert "Accept" in response.headers.getall("Vary")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001  # meant
def test_what_a_spreadsheet_would_run_is_escaped(begin: str) -> None:
    row = PageRow(path=f"{begin}1+1", views=1, visitors=1, average_seconds=None)
    [_, [cell, *_]] = csv.reader(StringIO(as_csv(PagesReport(rows=[row])).decode(), newline=""))
    assert cell == f"'{begin}1+1"
