"""A day's programme."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Factory, Showing
from tests.service.query_log import logged_queries

PATH = "/v1/showtimes"
DAY = "2031-06-05"
NOON = datetime(2031, 6, 5, 10, tzinfo=UTC)
NewSession = Callable[..., Awaitable[Showing]]


@pytest.fixture
def anyone(client: Client) -> Caller:
    return Caller(client)


async def listed(caller: Caller, **params: str) -> list[str]:
    answer = await caller.get(PATH, **params)
    assert answer.status == 200, answer.body
    return [showtime["id"] for showtime in answer.body["showtimes"]]


async def test_what_is_told_of_each(anyone: Caller, new_session: NewSession, resources: Resources) -> None:
    showing = await new_session(starts_at=NOON, capacity=40, price=950)
    await resources.engine.open(showing.session, "usr_1", {"bkg_1": 4}, lifetime=60_000, owner_limit=5)
    async with resources.postgres.acquire() as connection:
        await connection.execute("UPDATE inventory SET sold = 5")
    answer = await anyone.get(PATH, date=DAY)
    assert answer.body["showtimes"] == [
        {
            "id": showing.session,
            "movie": {"id": showing.movie, "title": "Amélie"},
            "place": {"id": showing.place, "name": "Lumière"},
            "starts_at": "2031-06-05T10:00:00.000Z",
            "ends_at": "2031-06-05T12:02:00.000Z",
            "price": 950,
            "currency": "EUR",
            "available": 31,
        }
    ]
    assert answer.body["metadata"]["has_more"] is False


async def test_the_day_is_that_of_the_place(anyone: Caller, factory: Factory) -> None:
    martinique = await factory.place(timezone="America/Martinique")
    late = datetime(2031, 6, 5, 23, tzinfo=UTC)  # 1 a.m. of the next day in Paris, 7 p.m. in Martinique
    in_paris = await factory.session(starts_at=late)
    overseas = await factory.session(starts_at=late, place_id=martinique)
    assert await listed(anyone, date=DAY) == [overseas.session]
    assert await listed(anyone, date="2031-06-06") == [in_paris.session]


async def test_the_filters(anyone: Caller, factory: Factory, postgres: Postgres) -> None:
    one = await factory.session(starts_at=NOON)
    two = await factory.session(starts_at=NOON + timedelta(hours=3), place_id=one.place_id)
    three = await factory.session(starts_at=NOON - timedelta(hours=3), movie_id=one.movie_id)
    await factory.session(starts_at=NOON, movie_id=one.movie_id, cancelled=True)
    async with postgres.acquire() as connection:
        await connection.execute("INSERT INTO genres (id, name) VALUES (1, 'Drama')")
        await connection.execute("INSERT INTO movie_genres (movie_id, genre_id) VALUES ($1, 1)", two.movie_id)
    assert await listed(anyone, date=DAY) == [three.session, one.session, two.session]
    assert await listed(anyone, date=DAY, place=one.place) == [one.session, two.session]
    assert await listed(anyone, date=DAY, movie=one.movie) == [three.session, one.session]
    assert await listed(anyone, date=DAY, genre="gen_1") == [two.session]
    assert await listed(anyone, date=DAY, place=one.place, movie=one.movie) == [one.session]
    assert await listed(anyone, date=DAY, place=one.place, movie=one.movie, genre="gen_1") == []
    assert await listed(anyone, date=DAY, place="plc_1") == []
    assert await listed(anyone, date="2031-06-04") == []


async def test_today_without_a_date(anyone: Caller, factory: Factory) -> None:
    place = await factory.place(timezone="Europe/Paris")
    near = [
        await factory.session(place_id=place, starts_at=datetime.now(UTC) + timedelta(hours=6 * n)) for n in (-1, 1)
    ]
    assert set(await listed(anyone)) & {one.session for one in near}
    await factory.session(starts_at=datetime.now(UTC) + timedelta(days=3))
    assert len(await listed(anyone)) <= 2


async def test_a_walk_shows_each_once(anyone: Caller, factory: Factory) -> None:
    showings = [await factory.session(starts_at=NOON + timedelta(minutes=n // 2)) for n in range(7)]
    walked = [one["id"] async for page in anyone.pages(PATH, limit="2", date=DAY) for one in page["showtimes"]]
    assert walked == [showing.session for showing in showings]
    cursor = (await anyone.get(PATH, limit="3", date=DAY)).body["metadata"]["end_cursor"]
    assert await listed(anyone, cursor=cursor) == walked[3:]
    assert (await anyone.get(PATH, date="2031-06-06", cursor=cursor)).refusal == (400, "invalid_cursor")
    assert (await anyone.get("/v1/movies", cursor=cursor)).refusal == (400, "invalid_cursor")
    assert (await anyone.get(PATH, date="2030-01-01")).body["metadata"] == {"has_more": False, "end_cursor": None}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "2031-02-29"),
        ("date", "tomorrow"),
        ("date", "2031-06-05T10:00:00Z"),
        ("place", "mov_1"),
        ("genre", "x"),
    ],
)
async def test_faulty_parameters_are_named(anyone: Caller, name: str, value: str) -> None:
    assert (await anyone.get(PATH, **{name: value})).refusal == (422, f"invalid_{name}")


async def test_availability_takes_one_round_trip(
    anyone: Caller, resources: Resources, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(30):
        await factory.session(starts_at=NOON + timedelta(minutes=n))
    asked: list[list[str]] = []
    held = resources.engine.held

    async def counting(pools: list[str]) -> Any:
        asked.append(pools)
        return await held(pools)

    monkeypatch.setattr(resources.engine, "held", counting)
    async with logged_queries(resources.postgres) as statements:
        assert len(await listed(anyone, date=DAY, limit="30")) == 30
    assert len(statements) == 2
    assert [len(pools) for pools in asked] == [30]
    assert Entity.SESSION.number(asked[0][0]) is not None
