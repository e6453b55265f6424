"""Walking lists page by page while another client inserts and deletes: every row that stayed comes exactly once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from service.postgres import Postgres
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account, Factory

STAYING = 24
START = datetime(2031, 1, 1, tzinfo=UTC)
LIMITS = [1, 3, 24, 100]


class World:
    """A movie and a place with rows that stay, and others that come and go; sort keys collide often."""

    def __init__(self, factory: Factory, postgres: Postgres) -> None:
        self._factory = factory
        self._postgres = postgres
        self._random = Random(20_260_605)  # noqa: S311  # not a secret
        self._passing: list[tuple[int, int, int]] = []
        self._hours = 0
        self.movie_id = 0
        self.place_id = 0

    async def settle(self) -> None:
        """Make the movie, the place, and the rows that stay."""
        self.movie_id, self.place_id = await self._factory.movie(), await self._factory.place("Place 2")
        for _ in range(STAYING):
            await self._add()

    async def disturb(self) -> None:
        """Let some rows come, and some of those that came go."""
        for _ in range(self._random.randint(0, 3)):
            self._passing.append(await self._add())
        self._random.shuffle(self._passing)
        for _ in range(self._random.randint(0, len(self._passing))):
            await self._remove(*self._passing.pop())

    async def _add(self) -> tuple[int, int, int]:
        """A rated movie with a session at a new place, and a session of the one movie at the one place and at it."""
        movie_id = await self._factory.movie(f"Movie {self._random.randint(1, 4)}", duration=1)
        place_id = await self._factory.place(f"Place {self._random.randint(1, 4)}")
        rating = self._random.choice([None, 0, 3, 5])
        async with self._postgres.acquire() as connection:
            await connection.execute(
                "UPDATE movies SET rating_sum = COALESCE($2::int, 0), rating_count = $3 WHERE id = $1",
                movie_id,
                rating,
                0 if rating is None else 1,
            )
        if self._random.random() < 0.8:
            day = START + timedelta(days=self._random.randint(0, 3))
            await self._factory.session(movie_id=movie_id, place_id=place_id, starts_at=day)
        await self._factory.session(movie_id=self.movie_id, place_id=place_id, starts_at=START + timedelta(days=9))
        self._hours = (self._hours + self._random.choice([3, 500])) % 4_001
        session = await self._factory.session(
            movie_id=self.movie_id, place_id=self.place_id, starts_at=START + timedelta(hours=3 * self._hours)
        )
        return movie_id, place_id, session.session_id

    async def _remove(self, movie_id: int, place_id: int, session_id: int) -> None:
        async with self._postgres.transaction() as connection:
            deleted = await connection.fetch(
                "DELETE FROM sessions WHERE id = $1 OR movie_id = $2 OR place_id = $3 RETURNING id",
                session_id,
                movie_id,
                place_id,
            )
            await connection.execute("DELETE FROM inventory WHERE id = ANY($1)", [row["id"] for row in deleted])
            await connection.execute("DELETE FROM movies WHERE id = $1", movie_id)
            await connection.execute("DELETE FROM places WHERE id = $1", place_id)


@pytest.fixture
async def world(factory: Factory, postgres: Postgres) -> World:
    world = World(factory, postgres)
    await world.settle()
    return world


LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "best rated": ("/v1/movies", {}),
    "new": ("/v1/movies", {"sort": "new"}),
    "leaving soon": ("/v1/movies", {"sort": "leaving_soon"}),
    "found": ("/v1/movies", {"q": "movie", "airing": "upcoming", "sort": "new"}),
    "places": ("/v1/movies/mov_{movie_id}/places", {}),
    "sessions": ("/v1/movies/mov_{movie_id}/places/plc_{place_id}/sessions", {"from": "2031-01-01"}),
    "staff's movies": ("/v1/admin/movies", {}),
    "staff's places": ("/v1/admin/places", {}),
    "staff's sessions": ("/v1/admin/sessions", {}),
    "staff's sessions of a movie": ("/v1/admin/sessions", {"movie": "mov_{movie_id}"}),
}


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("name", LISTS)
async def test_every_row_that_stayed_is_seen_exactly_once(
    client: Client, admin: Account, world: World, name: str, limit: int
) -> None:
    caller = Caller(client, admin)
    path, query = LISTS[name]
    names = {"movie_id": world.movie_id, "place_id": world.place_id}
    path, query = path.format_map(names), {key: value.format_map(names) for key, value in query.items()}
    before = await _walk(caller, path, query, 100, _nothing)
    assert len(before) >= STAYING * 0.5
    seen = await _walk(caller, path, query, limit, world.disturb)
    assert len(seen) == len(set(seen))
    assert [row for row in seen if row in set(before)] == before


async def _walk(
    caller: Caller, path: str, query: dict[str, str], limit: int, between: Callable[[], Awaitable[None]]
) -> list[str]:
    """The ids of every page's rows."""
    seen = []
    async for page in caller.pages(path, **query, limit=str(limit)):
        [rows] = [value for key, value in page.items() if key != "metadata"]
        assert len(rows) == limit or (len(rows) < limit and not page["metadata"]["has_more"])
        seen += [row["id"] for row in rows]
        await between()
    return seen


async def _nothing() -> None:
    """Nobody disturbs."""
