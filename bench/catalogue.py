"""A catalogue of any size, made by SQL alone."""

import asyncpg

from bench import queries
from service.ids import Entity

GENRES = 20
WORDS = 50
"""Common words: every title has one of so many."""
RARE = 25
"""So many movies, whatever their number, have the rare word in their titles."""
SHOWN, PLACES, DAYS = 1, 50, 100
"""The movie that is shown, at so many places, once on each of so many days."""

LISTS = {
    "movies by rating": "/v1/movies?sort=rating",
    "movies by first session": "/v1/movies?sort=new",
    "movies by last session": "/v1/movies?sort=leaving_soon",
    "movies of a genre": f"/v1/movies?genre={Entity.GENRE.public(1)}",
    "movies airing now": "/v1/movies?airing=now",
    "movies upcoming": "/v1/movies?airing=upcoming&sort=new",
    "movies past": "/v1/movies?airing=past&sort=leaving_soon",
    "movies with a common word": "/v1/movies?q=word1",
    "movies with a rare word": "/v1/movies?q=rare",
    "places of a movie": f"/v1/movies/{Entity.MOVIE.public(SHOWN)}/places",
    "sessions of a movie": f"/v1/movies/{Entity.MOVIE.public(SHOWN)}/places/{Entity.PLACE.public(1)}/sessions",
}
"""The path of the first page of each list, by what the report calls it."""


async def fill(database_url: str, movies: int) -> None:
    """Fill a migrated database with so many movies, and with the sessions of one of them."""
    connection = await asyncpg.connect(database_url)
    try:
        await queries.generate_movies(connection, movies, WORDS, RARE)
        await queries.generate_genres(connection, GENRES)
        await queries.generate_sessions(connection, SHOWN, PLACES, DAYS)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
