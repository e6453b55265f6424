"""Rating movies."""

from decimal import Decimal

import asyncpg

from service.errors import MOVIE_NOT_FOUND, ApiError
from service.http.endpoint import Call
from service.ratings import queries
from service.ratings.schemas import NewRating, Rating, RatingAnswer


async def rate_movie(call: Call[NewRating, None]) -> RatingAnswer:
    """Rate a movie

    One rating per user and movie: rating again replaces the value and keeps the id.
    """
    value = call.body.value
    # The shortest decimal that reads as this float is the number that was sent.
    exact = Decimal(repr(value))
    async with call.resources.postgres.acquire() as connection:
        try:
            rating_id = await queries.rate(
                connection, call.resources.ids.next(), call.user.user_id, call.ids["movie_id"], exact
            )
        except asyncpg.ForeignKeyViolationError as violation:
            if violation.constraint_name != "ratings_movie_id_fkey":
                raise
            raise ApiError(MOVIE_NOT_FOUND) from None
    return RatingAnswer(rating=Rating(id=rating_id, value=int(value) if value.is_integer() else value))
