"""Staff keep the movies."""

from functools import partial

from service.backoffice.movies import changes
from service.backoffice.movies.facets import facets_of
from service.backoffice.movies.schemas import MovieChange, NewMovie, StaffMovie, StaffMovieAnswer, StaffMovieList
from service.backoffice.transactions import commit
from service.catalogue.movies import page_of_movies
from service.catalogue.schemas import MovieQuery
from service.http.endpoint import Call
from service.inventory import pool_of_session
from service.registers import drop_pools


async def create_movie(call: Call[NewMovie, None]) -> StaffMovieAnswer:
    """Add a movie"""
    resources = call.resources
    work = partial(changes.create, movie_id=resources.ids.next(), new=call.body)
    return StaffMovieAnswer(movie=await commit(resources.postgres, work))


async def list_movies(call: Call[None, MovieQuery]) -> StaffMovieList:
    """List movies for staff

    With the sorts and filters of the public list.
    """
    rows, metadata = await page_of_movies(call, "admin/movies")
    async with call.resources.postgres.acquire() as connection:
        facets = await facets_of(connection, [row["id"] for row in rows])
    return StaffMovieList(movies=[StaffMovie.of_rows(row, facets[row["id"]]) for row in rows], metadata=metadata)


async def get_movie(call: Call[None, None]) -> StaffMovieAnswer:
    """Get a movie for staff"""
    async with call.resources.postgres.acquire() as connection:
        return StaffMovieAnswer(movie=await changes.the_movie(connection, call.ids["movie_id"]))


async def change_movie(call: Call[MovieChange, None]) -> StaffMovieAnswer:
    """Change a movie

    Fields left out stay; a `poster` of null takes it away; `genres`, `cast` and `countries` are all that the movie has
    then. Another duration moves the ends of the movie's sessions and is refused where they would overlap others.
    """
    resources = call.resources
    work = partial(changes.change, movie_id=call.ids["movie_id"], given=call.body.given)
    movie, file = await commit(resources.postgres, work)
    await resources.posters.forget(file)
    return StaffMovieAnswer(movie=movie)


async def delete_movie(call: Call[None, None]) -> None:
    """Delete a movie

    With its ratings and its sessions, unless one of these was ever sold.
    """
    resources = call.resources
    rows, file = await commit(resources.postgres, partial(changes.delete, movie_id=call.ids["movie_id"]))
    await drop_pools(resources.engine, pool_of_session, rows)
    await resources.posters.forget(file)
