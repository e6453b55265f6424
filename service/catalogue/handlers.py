"""Browsing: movies, where and when they are shown."""

from service.catalogue import queries
from service.catalogue.movies import FIRST_PAGE, page_of_movies, the_movie
from service.catalogue.schemas import (
    Movie,
    MovieAnswer,
    MovieList,
    MovieQuery,
    MovieTitle,
    Place,
    PlaceList,
    PlaceName,
    Session,
    SessionAnswer,
    SessionList,
    SessionQuery,
    SessionStart,
)
from service.errors import MOVIE_NOT_FOUND, PLACE_NOT_FOUND, SESSION_NOT_FOUND, ApiError, InvalidInput
from service.http.endpoint import Call
from service.http.fields import Page
from service.http.input import invalid
from service.ids import Entity


async def list_movies(call: Call[None, MovieQuery]) -> MovieList:
    """List movies

    Sorted by `rating` (best first), `new` (the most recent first session first) or `leaving_soon` (the earliest
    last session first); movies without the sorted value come last. Filters: `genre`; `q`, whose every word must be
    a word of the title, blind to accents and case; `airing`, `now`, `upcoming` or `past`.
    """
    rows, metadata = await page_of_movies(call, "movies")
    return MovieList(movies=[Movie.of(row) for row in rows], metadata=metadata)


async def get_movie(call: Call[None, None]) -> MovieAnswer:
    """Get a movie"""
    return MovieAnswer(movie=Movie.of(await the_movie(call)))


async def list_places(call: Call[None, Page]) -> PlaceList:
    """List the places that show a movie

    The places where the movie has a session that has not started yet, by name.
    """
    cursors, postgres, movie_id = call.resources.cursors, call.resources.postgres, call.ids["movie_id"]
    listing = f"movies/{movie_id}/places"
    after = cursors.after(listing, call.query) or FIRST_PAGE
    async with postgres.acquire() as connection:
        if not await queries.movie_exists(connection, movie_id):
            raise ApiError(MOVIE_NOT_FOUND)
        rows = await queries.page_of_places_showing(connection, movie_id, after, call.query.limit + 1)
    shown, metadata = cursors.cut(listing, call.query, rows, lambda row: (row["name"], row["id"]))
    return PlaceList(places=[Place(**row) for row in shown], metadata=metadata)


async def list_sessions(call: Call[None, SessionQuery]) -> SessionList:
    """List the sessions of a movie at a place

    The last to start first, the past ones too, cancelled ones left out. `from` and `to` bound the start, inclusively:
    a timestamp, or a date, which means the whole day in the place's time zone. `from` must not be after `to`.
    """
    cursors, query = call.resources.cursors, call.query
    movie_id, place_id = call.ids["movie_id"], call.ids["place_id"]
    listing = f"movies/{movie_id}/places/{place_id}/sessions"
    after = cursors.after(listing, query) or FIRST_PAGE
    async with call.resources.postgres.acquire() as connection:
        window = await queries.window_of_sessions(connection, movie_id, place_id, query.from_, query.to)
        if not window["movie_exists"]:
            raise ApiError(MOVIE_NOT_FOUND)
        if not window["place_exists"]:
            raise ApiError(PLACE_NOT_FOUND)
        if not window["in_order"]:
            raise InvalidInput([invalid("from", "The first bound must not be after the last.")])
        bounds = window["first"], window["last"]
        rows = await queries.page_of_starts(connection, movie_id, place_id, bounds, after, query.limit + 1)
    shown, metadata = cursors.cut(listing, query, rows, lambda row: (row["position"], row["id"]))
    sessions = [SessionStart(id=row["id"], starts_at=row["starts_at"]) for row in shown]
    return SessionList(sessions=sessions, metadata=metadata)


async def get_session(call: Call[None, None]) -> SessionAnswer:
    """Get a session

    `available` counts the seats that are neither sold nor held at this moment. A cancelled session has none.
    """
    session_id = call.ids["session_id"]
    # Redis first: seats that are sold meanwhile count twice for a moment, never not at all.
    [held] = await call.resources.engine.held([Entity.SESSION.public(session_id)])
    async with call.resources.postgres.acquire() as connection:
        row = await queries.session(connection, session_id)
    if row is None:
        raise ApiError(SESSION_NOT_FOUND)
    free = 0 if row["cancelled_at"] else row["capacity"] - row["sold"] - held
    session = Session(
        id=session_id,
        movie=MovieTitle(id=row["movie_id"], title=row["movie_title"]),
        place=PlaceName(id=row["place_id"], name=row["place_name"]),
        starts_at=row["starts_at"],
        capacity=row["capacity"],
        available=max(0, free),
    )
    return SessionAnswer(session=session)
