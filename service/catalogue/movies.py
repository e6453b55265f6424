"""Reading movies, for customers and staff alike."""

from collections.abc import Sequence
from typing import Any

from asyncpg import Record

from service.catalogue import queries
from service.catalogue.schemas import MovieQuery
from service.errors import MOVIE_NOT_FOUND, ApiError
from service.http.cursors import Key
from service.http.endpoint import Call
from service.http.fields import Metadata

FIRST_PAGE: tuple[Key, Key] = (None, None)
"""The keys after which the first page of a list ordered by two columns begins."""


async def page_of_movies(call: Call[None, MovieQuery], listing: str) -> tuple[Sequence[Record], Metadata]:
    """The page that the query asks for, of the list named `listing`."""
    resources, query = call.resources, call.query
    listing = f"{listing}:{query.sort}"
    after = resources.cursors.after(listing, query) or FIRST_PAGE
    async with resources.postgres.acquire() as connection:
        rows = await queries.page_of_movies(connection, query, after, resources.settings.home_timezone)
    return resources.cursors.cut(listing, query, rows, lambda row: (row["position"], row["id"]))


async def the_movie(call: Call[Any, Any]) -> Record:
    """The movie of the path. Raises `ApiError`."""
    async with call.resources.postgres.acquire() as connection:
        row = await queries.movie(connection, call.ids["movie_id"])
    if row is None:
        raise ApiError(MOVIE_NOT_FOUND)
    return row
