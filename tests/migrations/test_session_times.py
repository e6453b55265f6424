"""A session's ends and calendar day follow its start, its movie's duration and its place's time zone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.postgres import Connection

from .rows import EVENING, add_movie, add_place, add_session, days, interleave


async def value(connection: Connection, column: str, session: int) -> object:
    return await connection.fetchval(f"SELECT {column} FROM sessions WHERE id = $1", session)  # noqa: S608


@pytest.mark.parametrize(
    ("timezone", "starts_at", "day"),
    [
        ("Europe/Paris", "2026-06-05T21:59:59.999Z", date(2026, 6, 5)),
        ("Europe/Paris", "2026-06-05T22:00:00Z", date(2026, 6, 6)),
        ("Europe/Paris", "2026-01-05T22:59:59Z", date(2026, 1, 5)),
        ("Europe/Paris", "2026-01-05T23:00:00Z", date(2026, 1, 6)),
        ("Europe/Paris", "2026-03-28T23:00:00Z", date(2026, 3, 29)),
        ("Europe/Paris", "2026-03-29T22:00:00Z", date(2026, 3, 30)),
        ("Europe/Paris", "2026-12-31T23:00:00Z", date(2027, 1, 1)),
        ("Indian/Reunion", "2026-06-05T20:00:00Z", date(2026, 6, 6)),
        ("America/Martinique", "2026-06-06T03:59:00Z", date(2026, 6, 5)),
        ("Pacific/Auckland", "2026-06-05T12:00:00Z", date(2026, 6, 6)),
        ("UTC", "2026-06-05T23:59:59Z", date(2026, 6, 5)),
    ],
)
async def test_calendar_day(connection: Connection, timezone: str, starts_at: str, day: date) -> None:
    movie, place = await add_movie(connection), await add_place(connection, timezone=timezone)
    session = await add_session(connection, movie, place, datetime.fromisoformat(starts_at))
    assert await value(connection, "airs_on", session) == day
    assert await connection.fetchval("SELECT airing_to FROM movies") == day


async def test_ends(connection: Connection) -> None:
    movie, place = await add_movie(connection, duration=95), await add_place(connection)
    session = await add_session(connection, movie, place, EVENING)
    assert await value(connection, "ends_at", session) == EVENING + timedelta(minutes=95)
    assert await value(connection, "cleared_at", session) == EVENING + timedelta(minutes=110)


async def test_what_is_derived_cannot_be_chosen(connection: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    session = await add_session(connection, movie, place)
    await connection.execute("UPDATE sessions SET airs_on = '2000-01-01', ends_at = now()")
    assert await value(connection, "airs_on", session) == EVENING.date()
    assert await value(connection, "ends_at", session) == EVENING + timedelta(minutes=100)


async def test_a_new_duration_moves_the_ends(connection: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    session = await add_session(connection, movie, place)
    await connection.execute("UPDATE movies SET duration = 120 WHERE id = $1", movie)
    assert await value(connection, "ends_at", session) == EVENING + timedelta(minutes=120)


async def test_a_new_time_zone_moves_the_days(connection: Connection) -> None:
    movie, place = await add_movie(connection), await add_place(connection)
    session = await add_session(connection, movie, place, datetime(2026, 6, 5, 21, tzinfo=UTC))
    await connection.execute("UPDATE places SET timezone = 'Indian/Reunion' WHERE id = $1", place)
    assert await value(connection, "airs_on", session) == date(2026, 6, 6)
    assert await connection.fetchval("SELECT airing_from FROM movies") == date(2026, 6, 6)


NEW_DURATION = "UPDATE movies SET duration = 120"
NEW_TIMEZONE = "UPDATE places SET timezone = 'Pacific/Auckland'"


@pytest.mark.parametrize("change", [NEW_DURATION, NEW_TIMEZONE])
async def test_a_change_while_a_session_is_being_added(connection: Connection, rival: Connection, change: str) -> None:
    """Fails for the time zone without the lock in `time_session`: the change overlooks the session."""
    movie, place = await add_movie(connection), await add_place(connection)
    add = add_session(connection, movie, place)
    session, _ = await interleave(connection, add, rival, rival.execute(change))
    await assert_times_are_right(connection, session)


@pytest.mark.parametrize("change", [NEW_DURATION, NEW_TIMEZONE])
async def test_a_session_added_during_a_change(connection: Connection, rival: Connection, change: str) -> None:
    """Fails without `retime_sessions`, or without the lock in `time_session`: the session has the old times."""
    movie, place = await add_movie(connection), await add_place(connection)
    add = add_session(rival, movie, place)
    _, session = await interleave(connection, connection.execute(change), rival, add)
    await assert_times_are_right(connection, session)


@pytest.mark.parametrize("change", [NEW_DURATION, NEW_TIMEZONE])
async def test_a_session_gets_another_movie_and_place_during_a_change(
    connection: Connection, rival: Connection, change: str
) -> None:
    movie, place = await add_movie(connection, duration=50), await add_place(connection, timezone="UTC")
    session = await add_session(connection, movie, place, EVENING - days(1))
    movie, place = await add_movie(connection), await add_place(connection)
    move = rival.execute("UPDATE sessions SET movie_id = $1, place_id = $2, starts_at = $3", movie, place, EVENING)
    await interleave(connection, connection.execute(f"{change} WHERE id IN ($1, $2)", movie, place), rival, move)
    await assert_times_are_right(connection, session)


async def assert_times_are_right(connection: Connection, session: int) -> None:
    row = await connection.fetchrow(
        "SELECT ends_at - starts_at AS lasts, duration, airs_on, airing_to,"
        " (starts_at AT TIME ZONE timezone)::date AS day"
        " FROM sessions JOIN movies ON movies.id = movie_id JOIN places ON places.id = place_id"
        " WHERE sessions.id = $1",
        session,
    )
    assert row is not None
    assert row["lasts"] == timedelta(minutes=row["duration"])
    assert row["airs_on"] == row["airing_to"] == row["day"]
