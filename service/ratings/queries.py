"""The SQL of ratings."""

from decimal import Decimal

from service.postgres import Connection


async def rate(connection: Connection, rating_id: int, user_id: int, movie_id: int, value: Decimal) -> int:
    """Set a user's rating of a movie and return its id: an earlier one keeps its own.

    The movie's mean follows in the same transaction. Raises `asyncpg.ForeignKeyViolationError`
    (ratings_movie_id_fkey) when there is no such movie.
    """
    kept_id: int = await connection.fetchval(
        """
        INSERT INTO ratings (id, user_id, movie_id, value) VALUES ($1, $2, $3, $4)
        ON CONFLICT ON CONSTRAINT ratings_one_per_user_and_movie
        DO UPDATE SET value = excluded.value, updated_at = now()
        RETURNING id
        """,
        rating_id,
        user_id,
        movie_id,
        value,
    )
    return kept_id
