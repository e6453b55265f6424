"""Staff keep the genres."""

from functools import partial

from service.backoffice.genres import changes, queries
from service.backoffice.genres.schemas import Genre, GenreAnswer, GenreChange, GenreList, NewGenre
from service.backoffice.transactions import commit
from service.http.endpoint import Call
from service.http.fields import Page


async def create_genre(call: Call[NewGenre, None]) -> GenreAnswer:
    """Add a genre

    Names are unique without regard to case.
    """
    resources = call.resources
    work = partial(changes.create, genre_id=resources.ids.next(), name=call.body.name)
    return GenreAnswer(genre=Genre(**await commit(resources.postgres, work)))


async def list_genres(call: Call[None, Page]) -> GenreList:
    """List genres for staff

    By name.
    """
    cursors, listing = call.resources.cursors, "admin/genres"
    after = cursors.after(listing, call.query) or [None]
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.page_of_genres(connection, after, call.query.limit + 1)
    shown, metadata = cursors.cut(listing, call.query, rows, lambda row: (row["name"],))
    return GenreList(genres=[Genre(**row) for row in shown], metadata=metadata)


async def get_genre(call: Call[None, None]) -> GenreAnswer:
    """Get a genre for staff"""
    async with call.resources.postgres.acquire() as connection:
        return GenreAnswer(genre=Genre(**await changes.the_genre(connection, call.ids["genre_id"])))


async def change_genre(call: Call[GenreChange, None]) -> GenreAnswer:
    """Rename a genre"""
    work = partial(changes.change, genre_id=call.ids["genre_id"], given=call.body.given)
    return GenreAnswer(genre=Genre(**await commit(call.resources.postgres, work)))


async def delete_genre(call: Call[None, None]) -> None:
    """Delete a genre

    Its movies stay, without it.
    """
    await commit(call.resources.postgres, partial(changes.delete, genre_id=call.ids["genre_id"]))
