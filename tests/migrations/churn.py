"""Random changes of what discovery lists."""

import random
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from service.postgres import Connection

from .rows import add_movie, classify, offer, redate, save, unsave, withdraw

COUNTRIES = ("BE", "CH", "FR", "LU")
LOCKS = {"staff": "FOR NO KEY UPDATE", "saver": "FOR SHARE", "deletion": "FOR UPDATE"}


class Churn:
    """Random changes of a few movies, each a transaction.

    With `lock_first` it locks its movies first, as the service does; without, it changes one movie.
    """

    def __init__(
        self, users: Sequence[int], genres: Sequence[int], dice: random.Random, *, lock_first: bool = True
    ) -> None:
        self.users = users
        self.genres = genres
        self.dice = dice
        self.lock_first = lock_first
        self.changes: Sequence[tuple[str, Callable[[Connection, int], Coroutine[Any, Any, Any]]]] = [
            *[("staff", change) for change in (self.offer, self.withdraw, self.move, self.replace)] * 2,
            *[("staff", change) for change in (self.classify, self.declassify, self.redate, self.rate)],
            *[("saver", change) for change in (self.save, self.save, self.save, self.unsave, self.save_later)],
            ("deletion", self.delete),
        ]

    async def change(self, connection: Connection) -> None:
        """One change of one to three movies, or a new movie."""
        movies = [row["id"] for row in await connection.fetch("SELECT id FROM movies ORDER BY id")]
        if len(movies) < 8:
            await add_movie(connection, year=self.year)
            return
        lock, change = self.dice.choice(self.changes)
        chosen = self.dice.sample(movies, self.dice.choice((1, 1, 1, 3)) if self.lock_first else 1)
        select = "SELECT id FROM movies WHERE id = ANY ($1) ORDER BY id "
        async with connection.transaction():
            for row in await connection.fetch(select + LOCKS[lock] if self.lock_first else select, chosen):
                await change(connection, row["id"])

    @property
    def year(self) -> int:
        return 2000 + self.dice.randrange(3)

    @property
    def some_countries(self) -> list[str]:
        return self.dice.sample(COUNTRIES, self.dice.randint(1, 3))

    async def offer(self, connection: Connection, movie: int) -> None:
        await connection.execute(
            "INSERT INTO movie_availability (movie_id, country_code)"
            " SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING",
            movie,
            self.some_countries,
        )

    async def withdraw(self, connection: Connection, movie: int) -> None:
        await withdraw(connection, movie, *self.some_countries)

    async def move(self, connection: Connection, movie: int) -> None:
        await connection.execute(
            "UPDATE movie_availability AS moved SET country_code = $2 WHERE movie_id = $1 AND country_code = $3"
            " AND NOT EXISTS (SELECT FROM movie_availability WHERE movie_id = $1 AND country_code = $2)",
            movie,
            *self.dice.sample(COUNTRIES, 2),
        )

    async def replace(self, connection: Connection, movie: int) -> None:
        await withdraw(connection, movie, *COUNTRIES)
        await offer(connection, movie, *self.some_countries)

    async def classify(self, connection: Connection, movie: int) -> None:
        genre = self.dice.choice(self.genres)
        await connection.execute("DELETE FROM movie_genres WHERE movie_id = $1 AND genre_id = $2", movie, genre)
        await classify(connection, movie, genre)

    async def declassify(self, connection: Connection, movie: int) -> None:
        await connection.execute("DELETE FROM movie_genres WHERE movie_id = $1", movie)

    async def redate(self, connection: Connection, movie: int) -> None:
        await redate(connection, movie, self.year)

    async def rate(self, connection: Connection, movie: int) -> None:
        await connection.execute(
            "INSERT INTO ratings (id, user_id, movie_id, value) VALUES ($1, $2, $3, 4) ON CONFLICT DO NOTHING",
            self.dice.getrandbits(62),
            self.dice.choice(self.users),
            movie,
        )

    async def save(self, connection: Connection, movie: int) -> None:
        user = self.dice.choice(self.users)
        await unsave(connection, user, movie)
        await save(connection, user, movie)

    async def save_later(self, connection: Connection, movie: int) -> None:
        await connection.execute(
            "UPDATE saved_movies SET date_added = clock_timestamp() WHERE user_id = $1 AND movie_id = $2",
            self.dice.choice(self.users),
            movie,
        )

    async def unsave(self, connection: Connection, movie: int) -> None:
        await unsave(connection, self.dice.choice(self.users), movie)

    async def delete(self, connection: Connection, movie: int) -> None:
        await connection.execute("DELETE FROM movies WHERE id = $1", movie)
