"""Rows for tests, made by SQL: what the service would make by itself takes longer, and tests something else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from argon2 import PasswordHasher

from service.ids import Entity
from service.resources import Resources

PASSWORD = "correct horse battery"  # noqa: S105
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Hashed once, with the parameters of the tests' settings."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Account:
    """A user with a token. The password is `PASSWORD`."""

    user_id: int
    email: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def public_id(self) -> str:
        return Entity.USER.public(self.user_id)


@dataclass(frozen=True, slots=True)
class Showing:
    """A session and what it shows where; numbers, and the public ids for paths."""

    session_id: int
    movie_id: int
    place_id: int

    @property
    def session(self) -> str:
        return Entity.SESSION.public(self.session_id)

    @property
    def movie(self) -> str:
        return Entity.MOVIE.public(self.movie_id)

    @property
    def place(self) -> str:
        return Entity.PLACE.public(self.place_id)


class Factory:
    """Inserts rows through the application's own resources."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def user(self, role: str = "customer", email: str | None = None) -> Account:
        user_id, email = self._resources.ids.next(), email or f"user{next(_numbers)}@example.com"
        await self._execute(
            "INSERT INTO users (id, email, password_hash, role) VALUES ($1, $2, $3, $4)",
            user_id,
            email,
            PASSWORD_HASH,
            role,
        )
        return Account(user_id, email, self._resources.tokens.issue(user_id, role, 0))

    async def movie(self, title: str = "Amélie", *, duration: int = 122, year: int = 2001) -> int:
        movie_id = self._resources.ids.next()
        await self._execute(
            "INSERT INTO movies (id, title, description, duration, year) VALUES ($1, $2, 'Somebody helps.', $3, $4)",
            movie_id,
            title,
            duration,
            year,
        )
        return movie_id

    async def place(
        self,
        name: str = "Lumière",
        *,
        capacity: int = 100,
        timezone: str = "Europe/Paris",
        plan: Mapping[str, Any] | None = None,
    ) -> int:
        """With a seat plan, a place has the capacity of that."""
        place_id = self._resources.ids.next()
        await self._execute(
            "INSERT INTO places (id, name, address, capacity, timezone) VALUES ($1, $2, '1 rue Première', $3, $4)",
            place_id,
            name,
            capacity,
            timezone,
        )
        if plan is not None:
            await self._execute(
                """
                WITH plan AS (INSERT INTO seat_plans (id, place_id, plan) VALUES ($2, $1, $3) RETURNING id, capacity)
                UPDATE places SET seat_plan_id = plan.id, capacity = plan.capacity FROM plan WHERE places.id = $1
                """,
                place_id,
                self._resources.ids.next(),
                plan,
            )
        return place_id

    async def session(
        self,
        *,
        movie_id: int | None = None,
        place_id: int | None = None,
        starts_at: datetime | None = None,
        capacity: int = 100,
        price: int = 1_200,
        cancelled: bool = False,
    ) -> Showing:
        """A session with its inventory, by default of a new movie at a new place tomorrow.

        At a place with a seat plan it sells by that one, whatever the `capacity`.
        """
        session_id = self._resources.ids.next()
        movie_id = await self.movie() if movie_id is None else movie_id
        place_id = await self.place(capacity=max(capacity, 1)) if place_id is None else place_id
        starts_at = starts_at or datetime.now(UTC) + timedelta(days=1)
        await self._execute(
            """
            WITH pool AS (
                INSERT INTO inventory (id, capacity, sales_end, seat_plan_id, sold_seats)
                SELECT $1, COALESCE(plan.capacity, $5), $4, plan.id, repeat('0', cells)::bit varying
                FROM places LEFT JOIN seat_plans AS plan ON plan.id = seat_plan_id WHERE places.id = $3
            )
            INSERT INTO sessions (id, movie_id, place_id, starts_at, price, cancelled_at)
            VALUES ($1, $2, $3, $4, $6, CASE WHEN $7 THEN now() END)
            """,
            session_id,
            movie_id,
            place_id,
            starts_at,
            capacity,
            price,
            cancelled,
        )
        return Showing(session_id, movie_id, place_id)

    async def _execute(self, statement: str, *values: object) -> None:
        async with self._resources.postgres.acquire() as connection:
            await connection.execute(statement, *values)
