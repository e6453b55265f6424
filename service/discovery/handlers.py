"""Discovering movies, and keeping some."""

from service.countries import NAMES
from service.discovery import queries
from service.discovery.saving import remove, save
from service.discovery.schemas import (
    Country,
    CountryList,
    Genre,
    GenreList,
    Movie,
    MovieDetail,
    MovieList,
    MoviePage,
    NewSave,
    NumberedPage,
    SavedMoviePage,
    Whereabouts,
)
from service.errors import GENRE_NOT_FOUND, MOVIE_NOT_FOUND, UNAVAILABLE_IN_COUNTRY, ApiError
from service.http.endpoint import Call


async def list_genres(call: Call[None, NumberedPage]) -> GenreList:
    """List genres

    By name.
    """
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.page_of_genres(connection, call.query)
    return GenreList.of(call.query, rows, Genre)


async def list_countries(call: Call[None, NumberedPage]) -> CountryList:
    """List the countries that have movies

    By code. Names are English.
    """
    query = call.query
    async with call.resources.postgres.acquire() as connection:
        codes = await queries.countries_with_movies(connection, list(NAMES))
    shown = codes[query.offset : query.offset + query.page_size]
    countries = [Country(code=code, name=NAMES[code]) for code in shown]
    return CountryList(data=countries, page=query.page, page_size=query.page_size, total=len(codes))


async def list_movies(call: Call[None, MoviePage]) -> MovieList:
    """List the movies that are available in a country

    The newest first, or with `sort=year` the oldest; those of one year by id. With `genre`, those of the genre.
    """
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.page_of_movies(connection, call.query)
    if not rows[0]["genre_exists"]:
        raise ApiError(GENRE_NOT_FOUND)
    return MovieList.of(call.query, rows, Movie)


async def get_movie(call: Call[None, Whereabouts]) -> MovieDetail:
    """Get a movie with its genres, its cast and its countries

    With `country`, it must be available there.
    """
    async with call.resources.postgres.acquire() as connection:
        movie = await queries.movie(connection, call.ids["movie_id"])
    if movie is None:
        raise ApiError(MOVIE_NOT_FOUND)
    if call.query.country is not None and call.query.country not in movie["countries"]:
        raise ApiError(UNAVAILABLE_IN_COUNTRY)
    return MovieDetail.of(movie)


async def list_saved_movies(call: Call[None, SavedMoviePage]) -> MovieList:
    """List a user's saved movies that are available in a country

    The last saved first, or with `sort=date_added` the first. `user_id` may be `me`; other users' lists are for admins.
    """
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.page_of_saved_movies(connection, call.ids["user_id"], call.query)
    return MovieList.of(call.query, rows, Movie)


async def save_movie(call: Call[NewSave, None]) -> MovieDetail:
    """Save a movie for a user

    It must be available in the country. Of two requests at the same instant one succeeds.
    """
    body = call.body
    return MovieDetail.of(await save(call.resources.postgres, call.ids["user_id"], body.movie_id, body.country))


async def remove_saved_movie(call: Call[None, None]) -> None:
    """Remove a movie from those that a user saved"""
    await remove(call.resources.postgres, call.ids["user_id"], call.ids["movie_id"])
