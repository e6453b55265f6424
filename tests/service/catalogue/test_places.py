"""The places that show a movie."""

from datetime import UTC, datetime, timedelta

from tests.service.calls import Caller
from tests.service.catalogue.conftest import NewMovie, NewPlace, NewSession, movie


async def names(visitor: Caller, movie_id: int) -> list[str]:
    answer = await visitor.get(f"/v1/movies/{movie(movie_id)}/places")
    assert answer.status == 200
    return [place["name"] for place in answer.body["places"]]


async def test_a_place_shows_its_name_and_address_and_nothing_else(visitor: Caller, new_session: NewSession) -> None:
    showing = await new_session()
    answer = await visitor.get(f"/v1/movies/{showing.movie}/places")
    assert answer.body["places"] == [{"id": showing.place, "name": "Lumière", "address": "1 rue Première"}]
    assert answer.body["metadata"]["has_more"] is False


async def test_only_places_with_a_coming_session_are_listed_by_name(
    visitor: Caller, new_movie: NewMovie, new_place: NewPlace, new_session: NewSession
) -> None:
    movie_id = await new_movie()
    starts = {"Started": timedelta(seconds=-1), "Zoé": timedelta(hours=1), "Abel": timedelta(days=9)}
    for name, delay in starts.items():
        place_id = await new_place(name)
        await new_session(movie_id=movie_id, place_id=place_id, starts_at=datetime.now(UTC) + delay)
        await new_session(movie_id=movie_id, place_id=place_id, starts_at=datetime.now(UTC) - timedelta(days=1))
    await new_session(movie_id=movie_id, place_id=await new_place("Cancelled"), cancelled=True)
    await new_session(place_id=await new_place("Another movie's"))
    assert await names(visitor, movie_id) == ["Abel", "Zoé"]


async def test_a_movie_that_plays_nowhere_has_an_empty_list(visitor: Caller, new_movie: NewMovie) -> None:
    assert await names(visitor, await new_movie()) == []


async def test_a_cursor_belongs_to_its_movie(
    visitor: Caller, new_movie: NewMovie, new_place: NewPlace, new_session: NewSession
) -> None:
    movies = [await new_movie(), await new_movie()]
    for movie_id in movies:
        for _ in range(2):
            await new_session(movie_id=movie_id, place_id=await new_place())
    mine, other = (f"/v1/movies/{movie(movie_id)}/places" for movie_id in movies)
    cursor = (await visitor.get(mine, limit="1")).body["metadata"]["end_cursor"]
    assert len((await visitor.get(mine, cursor=cursor)).body["places"]) == 1
    assert (await visitor.get(other, cursor=cursor)).refusal == (400, "invalid_cursor")


async def test_a_cursor_holds_the_longest_name(
    visitor: Caller, new_movie: NewMovie, new_place: NewPlace, new_session: NewSession
) -> None:
    """120 characters are the most that staff may give; control characters are the longest in JSON."""
    movie_id = await new_movie()
    for name in ("\x01" * 119 + "a", "\x01" * 119 + "b", "🎬" * 120):
        await new_session(movie_id=movie_id, place_id=await new_place(name))
    pages = [page async for page in visitor.pages(f"/v1/movies/{movie(movie_id)}/places", limit="1")]
    assert len(pages) == 3
