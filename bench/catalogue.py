"""A catalogue of any size, made by SQL alone."""

import asyncpg

from bench import queries
from service.countries import NAMES
from service.ids import Entity

GENRES = 20
WORDS = 50
"""Common words: every title has one of so many."""
RARE = 25
"""So many movies, whatever their number, have the rare word in their titles."""
SHOWN, PLACES, DAYS = 1, 50, 100
"""The movie that is shown, at so many places, once on each of so many days."""
EVERYWHERE = "FR"
ELSEWHERE = [code for code in NAMES if code != EVERYWHERE][:39]
"""Every movie can be seen in the one country and in two of the others."""
SAVER, SAVED = 1, 10_000
"""The user who has saved so many movies, or all where there are fewer."""

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

_IN_FRANCE = f"/discovery/v1/movies?country={EVERYWHERE}"
DISCOVERY = {
    "discovery: genres": ("/discovery/v1/genres?", 1),
    "discovery: countries": ("/discovery/v1/countries?", 1),
    "discovery: newest movies in a country": (f"{_IN_FRANCE}&", 1_000),
    "discovery: oldest movies in a country": (f"{_IN_FRANCE}&sort=year&", 1_000),
    "discovery: movies of a genre in a country": (f"{_IN_FRANCE}&genre={Entity.GENRE.public(1)}&", 1_000),
    "discovery: movies in a smaller country": (f"/discovery/v1/movies?country={ELSEWHERE[0]}&", 1_000),
    "discovery: saved movies": (f"/discovery/v1/users/me/saved-movies?country={EVERYWHERE}&", SAVED // 20),
}
"""Of each list of the discovery API the path of a page, up to its number, and the number of a deep one.

Pages have 20 rows. Of fewer than 1,000 pages the deep one is the last.
"""


async def fill(database_url: str, movies: int) -> None:
    """Fill a migrated database with so many movies, the sessions of one of them, and what a user saved."""
    connection = await asyncpg.connect(database_url)
    try:
        await queries.generate_movies(connection, movies, WORDS, RARE)
        await queries.generate_genres(connection, GENRES)
        await queries.generate_availability(connection, EVERYWHERE, ELSEWHERE)
        await queries.insert_users(connection, [SAVER], "")
        await queries.generate_saves(connection, SAVER, SAVED)
        await queries.generate_sessions(connection, SHOWN, PLACES, DAYS)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
