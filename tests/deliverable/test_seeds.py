"""The sample data holds what is promised of it, and keeps the schema's own sums."""

from datetime import UTC, datetime
from uuid import RFC_4122
from zoneinfo import ZoneInfo

import asyncpg
import orjson
import pytest
from argon2 import PasswordHasher

from service.ids import EPOCH_MS
from service.postgres import Connection
from service.seat_plans.plan import SeatPlan
from service.seat_plans.schemas import NewSeatPlan
from tests.migrations.listings import differences
from tests.migrations.test_airing_dates import WRONG as WRONG_AIRING
from tests.migrations.test_ratings import WRONG as WRONG_RATING

from .conftest import FOLDER

TODAY = "(now() AT TIME ZONE 'Europe/Paris')::date"
LATE = """
SELECT FROM bookings JOIN sessions ON sessions.id = session_id
WHERE closes_at > least(starts_at, ({today})::timestamp AT TIME ZONE 'Europe/Paris')
"""
"""Bookings that were made after their session had begun, or today."""


@pytest.mark.parametrize(
    ("rows", "at_least"),
    [
        ("movies", 150),
        ("genres", 12),
        ("actors", 40),
        ("(SELECT DISTINCT country_code FROM movie_availability)", 5),
        ("places WHERE address ~ ', [0-9]{5} [A-Z]'", 8),
        ("sessions", 2_000),
        ("sessions WHERE ends_at < now()", 100),
        ("sessions WHERE starts_at > now()", 1_000),
        ("movies WHERE airing_from IS NULL", 10),
        ("movies WHERE airing_to < current_date", 3),
        ("movies WHERE airing_from > current_date", 3),
        ("movies WHERE rating IS NULL", 3),
        ("ratings", 300),
        ("bookings WHERE status = 'confirmed'", 100),
        ("bookings WHERE status = 'cancelled'", 10),
        ("bookings JOIN sessions ON sessions.id = session_id WHERE starts_at > now()", 100),
        ("inventory WHERE sold >= capacity - 2", 10),
        ("seat_plans JOIN places ON places.seat_plan_id = seat_plans.id", 5),
        ("places WHERE seat_plan_id IS NULL", 10),
        ("sessions JOIN inventory USING (id) WHERE seat_plan_id IS NOT NULL AND starts_at > now()", 300),
        ("(SELECT DISTINCT session_id FROM booking_seats) AS sessions", 50),
        ("bookings WHERE supplements > 0", 10),
        ("users WHERE role = 'customer'", 5),
        ("saved_movies JOIN users ON id = user_id WHERE email = 'customer1@holdfast.example'", 30),
        ("(SELECT FROM saved_movies GROUP BY user_id HAVING count(*) >= 30) AS users", 5),
        ("events WHERE starts_at > now() + interval '1 day'", 10),
        ("events WHERE starts_at < now()", 2),
        ("(SELECT FROM events GROUP BY starts_at HAVING count(*) > 1) AS seconds", 1),
        ("(SELECT DISTINCT user_id FROM tickets WHERE cancelled_at IS NULL) AS users", 5),
        ("tickets WHERE cancelled_at IS NOT NULL", 10),
    ],
)
async def test_how_many(loaded: Connection, rows: str, at_least: int) -> None:
    assert await loaded.fetchval(f"SELECT count(*) FROM {rows}") >= at_least  # noqa: S608


async def test_movies_have_genres_and_cast(loaded: Connection) -> None:
    for table in ("movie_genres", "movie_cast", "movie_availability"):
        bare = f"SELECT count(*) FROM movies WHERE id NOT IN (SELECT movie_id FROM {table})"  # noqa: S608
        assert await loaded.fetchval(bare) == 0, table
    several = "SELECT count(*) FROM (SELECT FROM movie_genres GROUP BY movie_id HAVING count(*) > 1) m"
    assert await loaded.fetchval(several) >= 50


async def test_countries_have_movies_alone_and_in_common(loaded: Connection) -> None:
    alone = await loaded.fetch(
        "SELECT min(country_code) AS country, count(*) AS movies FROM ("
        " SELECT min(country_code) AS country_code FROM movie_availability GROUP BY movie_id HAVING count(*) = 1"
        ") m GROUP BY country_code"
    )
    assert len(alone) == 5
    assert min(row["movies"] for row in alone) >= 10
    shared = await loaded.fetch(
        "SELECT count(*) AS movies FROM movie_availability a JOIN movie_availability b USING (movie_id)"
        " WHERE a.country_code < b.country_code GROUP BY a.country_code, b.country_code"
    )
    assert len(shared) == 10
    assert min(row["movies"] for row in shared) >= 20


async def test_saved_movies_differ_between_countries(loaded: Connection) -> None:
    """The customer named in the README has some for each country, and none that are for all."""
    rows = await loaded.fetch(
        "SELECT country_code, count(*) AS movies FROM saved_listings JOIN users ON id = user_id"
        " WHERE email = 'customer1@holdfast.example' GROUP BY country_code"
    )
    assert len(rows) == 5
    for row in rows:
        assert 5 <= row["movies"] < 40
    assert await loaded.fetchval("SELECT count(DISTINCT date_added) = count(*) FROM saved_movies")
    assert await loaded.fetchval("SELECT bool_and(date_added < now()) FROM saved_movies")


async def test_the_newest_movie_in_france_can_still_be_saved(loaded: Connection) -> None:
    """As the README does for its customer."""
    saved = await loaded.fetchval(
        "SELECT count(*) FROM saved_movies JOIN users ON id = user_id WHERE email = 'customer1@holdfast.example'"
        " AND movie_id = (SELECT movie_id FROM country_listings WHERE country_code = 'FR'"
        " ORDER BY year DESC, movie_id LIMIT 1)"
    )
    assert saved == 0


async def test_sessions_are_around_today_at_decent_hours(loaded: Connection) -> None:
    row = await loaded.fetchrow(
        "SELECT min(airs_on) AS first, max(airs_on) AS last, min(local) AS earliest, max(local) AS latest,"
        " count(DISTINCT airs_on) AS days FROM ("
        " SELECT airs_on, (starts_at AT TIME ZONE 'Europe/Paris')::time AS local FROM sessions) s"
    )
    assert row is not None
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    assert [(row[end] - today).days for end in ("first", "last")] == [-5, 14]
    assert row["days"] == 20
    assert row["earliest"].hour >= 9
    assert row["latest"].hour <= 22


async def test_derived_data_is_right(loaded: Connection) -> None:
    assert await loaded.fetch(WRONG_AIRING) == []
    assert await loaded.fetch(WRONG_RATING) == []
    assert await differences(loaded) == []


async def test_sold_is_what_the_confirmed_bookings_have(loaded: Connection) -> None:
    wrong = await loaded.fetch(
        "SELECT id, sold, seats FROM inventory LEFT JOIN ("
        " SELECT session_id AS id, sum(seats) AS seats FROM bookings WHERE status = 'confirmed' GROUP BY session_id"
        ") AS booked USING (id) WHERE sold <> coalesce(seats, 0) AND id NOT IN (SELECT pool FROM events)"
    )
    assert wrong == []


async def test_seat_plans_could_have_been_drawn_by_staff(loaded: Connection) -> None:
    """They are of 80 to 600 seats, in rows that are not all alike, with seats of several kinds."""
    for row in await loaded.fetch("SELECT plan::text, capacity, cells FROM seat_plans"):
        plan = NewSeatPlan.model_validate_json(row["plan"])
        assert plan.stored == orjson.loads(row["plan"])
        assert 80 <= plan.seats == row["capacity"] <= 600
        assert len(SeatPlan.of(1, plan.stored).seating.cells) == row["cells"]
        assert {"standard", "wheelchair"} < {seat.kind for line in plan.rows for seat in line.seats if seat}
        assert len({len(line.seats) for line in plan.rows}) > 1


async def test_numbered_seats_are_sold_as_their_plan_has_them(loaded: Connection) -> None:
    """To one owner, at the price of the session and the supplement, and marked in the inventory."""
    rows = await loaded.fetch(
        """
        SELECT booking_seats.*, plan::text, seats, unit_price, supplements, status,
               get_bit(sold_seats, booking_seats.position) AS is_sold,
               count(*) OVER (PARTITION BY booking_id) AS labels,
               sum(booking_seats.price) OVER (PARTITION BY booking_id) AS total
        FROM booking_seats JOIN bookings ON bookings.id = booking_id
        JOIN inventory ON inventory.id = bookings.session_id JOIN seat_plans ON seat_plans.id = seat_plan_id
        """
    )
    plans = {plan: SeatPlan.of(1, orjson.loads(plan)) for plan in {row["plan"] for row in rows}}
    for row in rows:
        seat = plans[row["plan"]].seats[row["label"]]
        assert (seat.position, seat.kind) == (row["position"], row["kind"])
        assert seat.price(row["unit_price"]) == row["price"]
        assert (row["is_sold"], row["released"], row["status"]) == (1, False, "confirmed")
        assert (row["labels"], row["total"]) == (row["seats"], row["seats"] * row["unit_price"] + row["supplements"])
    unnamed = await loaded.fetchval(
        "SELECT count(*) FROM bookings JOIN inventory ON inventory.id = session_id"
        " WHERE seat_plan_id IS NOT NULL AND status = 'confirmed'"
        " AND NOT EXISTS (SELECT FROM booking_seats WHERE booking_id = bookings.id)"
    )
    assert unnamed == 0


async def test_sold_is_what_is_booked_of_an_event(loaded: Connection) -> None:
    wrong = await loaded.fetch(
        "SELECT pool FROM events JOIN inventory ON inventory.id = pool WHERE sales_end <> starts_at OR sold <> ("
        " SELECT count(*) FROM tickets WHERE event_id = events.id AND cancelled_at IS NULL)"
    )
    assert wrong == []


async def test_tickets_are_as_their_booking(loaded: Connection) -> None:
    wrong = await loaded.fetch(
        "SELECT FROM tickets JOIN ticket_bookings AS booking ON booking.id = booking_id"
        " JOIN events ON events.id = booking.event_id"
        " WHERE (tickets.event_id, tickets.user_id, tickets.booked_at)"
        "  IS DISTINCT FROM (booking.event_id, booking.user_id, booking.booked_at)"
        " OR tickets.booked_at > least(now(), starts_at) OR cancelled_at > now() OR cancelled_at < tickets.booked_at"
    )
    assert wrong == []


async def test_uuids_are_of_version_7(loaded: Connection) -> None:
    for table in ("events", "tickets"):
        for row in await loaded.fetch(f"SELECT id FROM {table}"):  # noqa: S608
            assert (row["id"].version, row["id"].variant) == (7, RFC_4122)


async def test_bookings_were_made_before_today_and_their_session(loaded: Connection) -> None:
    assert await loaded.fetch(LATE.format(today=TODAY)) == []


async def test_accounts(loaded: Connection) -> None:
    users = {row["email"]: row for row in await loaded.fetch("SELECT email, role, password_hash FROM users")}
    assert users["admin@holdfast.example"]["role"] == "admin"
    assert users["manager@holdfast.example"]["role"] == "manager"
    assert users["customer1@holdfast.example"]["role"] == "customer"
    hashes = {row["password_hash"] for row in users.values()}
    assert len(hashes) == 1
    hasher, password_hash = PasswordHasher(), hashes.pop()
    assert hasher.verify(password_hash, "holdfast-demo-2026")
    assert not hasher.check_needs_rehash(password_hash)
    managed = "SELECT count(*) FROM manager_places JOIN users ON users.id = user_id WHERE role = 'manager'"
    assert await loaded.fetchval(managed) == 2


async def test_ids_are_snowflakes_of_early_2025(loaded: Connection) -> None:
    """So no number that a running service mints is among them."""
    end = int(datetime(2025, 2, 1, tzinfo=UTC).timestamp() * 1000) - EPOCH_MS
    for table in (
        "users",
        "movies",
        "genres",
        "actors",
        "places",
        "sessions",
        "ratings",
        "bookings",
        "ticket_bookings",
        "seat_plans",
    ):
        row = await loaded.fetchrow(f"SELECT min(id >> 22) AS first, max(id >> 22) AS last FROM {table}")  # noqa: S608
        assert row is not None
        assert 0 < row["first"] <= row["last"] < end, table


async def test_nothing_temporary_is_left(loaded: Connection) -> None:
    left = await loaded.fetch(
        "SELECT relname FROM pg_class WHERE relname LIKE 'seed%'"
        " UNION SELECT proname FROM pg_proc WHERE proname LIKE 'seed%'"
    )
    assert left == []


@pytest.mark.parametrize(
    "day", ["2026-03-28", "2026-04-05", "2026-10-20", "2026-10-25", "2026-10-30", "2026-12-31", "2028-02-29"]
)
async def test_on_other_days_too(postgres_url: str, day: str) -> None:
    """Around changes of the clock the sessions must not overlap either, and bookings be of the past."""
    seeds = (FOLDER / "seeds.sql").read_text()
    assert seeds.count(TODAY) == 1
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(seeds.replace(TODAY, f"date '{day}'"))
    assert await connection.fetch(LATE.format(today=f"date '{day}'")) == []
    await connection.close()
