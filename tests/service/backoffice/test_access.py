"""Who may do what: every role at every endpoint, and managers at their own places only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.app import CINEMA
from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from tests.service.backoffice.conftest import MOVIE, PLACE, Assign, NewSession, Sell
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account, Showing
from tests.service.posters.pictures import picture

CASES = {
    f"{endpoint.method} {endpoint.path.removeprefix('/v1/admin')}": endpoint
    for endpoints in CINEMA.tags.values()
    for endpoint in endpoints
    if endpoint.path.startswith("/v1/admin/")
}
MANAGED = {
    "GET /movies",
    "GET /movies/{movie_id}",
    "GET /genres",
    "GET /genres/{genre_id}",
    "GET /actors",
    "GET /actors/{actor_id}",
    "GET /places",
    "GET /places/{place_id}",
    "POST /sessions",
    "GET /sessions",
    "GET /sessions/{session_id}",
    "PATCH /sessions/{session_id}",
    "DELETE /sessions/{session_id}",
    "POST /sessions/{session_id}/cancel",
    "GET /reservations",
    "GET /reservations/{booking_id}",
    "POST /reservations/{booking_id}/cancel",
    "GET /reports/sales",
    "GET /reports/holds",
}
"""What a manager may do; of sessions and reservations, at own places only."""
OF_A_PLACE = {name for name in MANAGED if name == "POST /sessions" or "{session_id}" in name or "{booking_id}" in name}


@dataclass(frozen=True, slots=True)
class Rows:
    """What the endpoints' paths name."""

    showing: Showing
    user: Account
    booking_id: int
    genre_id: int
    actor_id: int
    job_id: int

    @property
    def ids(self) -> Mapping[str, str]:
        """Public ids by the parameter of a path."""
        return {
            "movie_id": self.showing.movie,
            "place_id": self.showing.place,
            "session_id": self.showing.session,
            "booking_id": Entity.BOOKING.public(self.booking_id),
            "user_id": self.user.public_id,
            "genre_id": Entity.GENRE.public(self.genre_id),
            "actor_id": Entity.ACTOR.public(self.actor_id),
            "job_id": Entity.JOB.public(self.job_id),
        }


NewRows = Callable[[], Awaitable[Rows]]


@pytest.fixture
def new_rows(resources: Resources, new_session: NewSession, customer: Account, sell: Sell) -> NewRows:
    """Rows of their own, but for the user. The booking is of another session at the same place."""

    async def new_rows() -> Rows:
        showing = await new_session()
        sold = await new_session(place_id=showing.place_id, starts_at=datetime.now(UTC) + timedelta(days=2))
        await sell(sold.session_id)
        genre_id, actor_id, job_id = [resources.ids.next() for _ in range(3)]
        async with resources.postgres.acquire() as connection:
            await connection.execute("INSERT INTO genres (id, name) VALUES ($1::bigint, $1::bigint::text)", genre_id)
            await connection.execute("INSERT INTO actors (id, name) VALUES ($1::bigint, $1::bigint::text)", actor_id)
            await connection.execute(
                "INSERT INTO pgqueuer (id, priority, status, entrypoint) VALUES ($1, 0, 'failed', 'gone')", job_id
            )
        return Rows(showing, customer, sold.session_id + 1, genre_id, actor_id, job_id)

    return new_rows


async def attempt(caller: Caller, name: str, rows: Rows) -> tuple[int, str | None]:
    """The status and the code of a well-formed request to the endpoint."""
    bodies: Mapping[str, dict[str, Any]] = {
        "POST /movies": MOVIE,
        "POST /places": PLACE,
        "POST /sessions": {
            "starts_at": "2031-06-05T20:00:00Z",
            "price": 1,
            "movie_id": rows.showing.movie,
            "place_id": rows.showing.place,
        },
        "POST /genres": {"name": "Drama"},
        "POST /actors": {"name": "Anna"},
    }
    endpoint = CASES[name]
    options: dict[str, Any] = {"json": bodies.get(name, {})}
    if endpoint.uploads:
        media_type, text = list(endpoint.uploads.items())[-1]
        options = {"data": text.encode() or picture("WEBP"), "headers": {"Content-Type": media_type}}
    elif endpoint.method == "GET":
        options = {"params": {"from": "2031-06-05", "to": "2031-06-05"} if "/reports/" in name else {}}
    answer = await caller.call(endpoint.method, endpoint.path.format_map(rows.ids), **options)
    return answer.status, answer.codes[0] if answer.status >= 400 else None


@pytest.mark.parametrize("name", CASES)
async def test_every_role_at_every_endpoint(
    client: Client, admin: Account, manager: Account, customer: Account, assign: Assign, new_rows: NewRows, name: str
) -> None:
    own, foreign = await new_rows(), await new_rows()
    await assign(manager, own.showing.place_id)
    success: tuple[int, str | None] = (CASES[name].status, None)
    forbidden = (403, "forbidden")
    if name == "DELETE /places/{place_id}":
        success = (409, "has_bookings")  # allowed, but for the booking
    for rows in (foreign, own):
        allowed = name in MANAGED and (rows is own or name not in OF_A_PLACE)
        assert await attempt(Caller(client), name, rows) == (401, "missing_token")
        assert await attempt(Caller(client, customer), name, rows) == forbidden
        assert await attempt(Caller(client, manager), name, rows) == (success if allowed else forbidden)
    assert await attempt(Caller(client, admin), name, foreign) == success


async def test_a_manager_lists_the_sessions_of_own_places(
    scheduler: Caller, manager: Account, assign: Assign, new_session: NewSession
) -> None:
    own, also_own, foreign = [await new_session() for _ in range(3)]
    await assign(manager, own.place_id)
    await assign(manager, also_own.place_id)

    async def listed(**params: str) -> list[str]:
        answer = await scheduler.get("/v1/admin/sessions", **params)
        return [session["id"] for session in answer.body["sessions"]]

    assert await listed() == [also_own.session, own.session]
    assert await listed(place=own.place) == [own.session]
    assert await listed(place=foreign.place) == []


async def test_moving_a_session_needs_both_places(
    scheduler: Caller, manager: Account, assign: Assign, new_session: NewSession
) -> None:
    own, other = await new_session(), await new_session()
    await assign(manager, own.place_id)
    one, move = f"/v1/admin/sessions/{own.session}", {"place_id": other.place, "starts_at": "2031-06-05T20:00:00Z"}
    assert (await scheduler.patch(one, move)).refusal == (403, "forbidden")
    back = {"place_id": own.place, "starts_at": "2031-06-05T20:00:00Z"}
    assert (await scheduler.patch(f"/v1/admin/sessions/{other.session}", back)).refusal == (403, "forbidden")
    await assign(manager, other.place_id)
    assert (await scheduler.patch(one, move)).status == 200


async def test_a_demotion_works_at_once(boss: Caller, admin: Account, manager: Account, postgres: Postgres) -> None:
    assert (await boss.get("/v1/admin/movies")).status == 200
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE users SET role = 'admin' WHERE id = $1", manager.user_id)
        await connection.execute("UPDATE users SET role = 'customer' WHERE id = $1", admin.user_id)
    assert (await boss.get("/v1/admin/movies")).refusal == (403, "forbidden")
