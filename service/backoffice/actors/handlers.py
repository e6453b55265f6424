"""Staff keep the actors."""

from functools import partial

from service.backoffice.actors import changes, queries
from service.backoffice.actors.schemas import Actor, ActorAnswer, ActorChange, ActorList, NewActor
from service.backoffice.transactions import commit
from service.catalogue.movies import FIRST_PAGE
from service.http.endpoint import Call
from service.http.fields import Page


async def create_actor(call: Call[NewActor, None]) -> ActorAnswer:
    """Add an actor

    Two may share a name.
    """
    resources = call.resources
    work = partial(changes.create, actor_id=resources.ids.next(), name=call.body.name)
    return ActorAnswer(actor=Actor(**await commit(resources.postgres, work)))


async def list_actors(call: Call[None, Page]) -> ActorList:
    """List actors for staff

    By name.
    """
    cursors, listing = call.resources.cursors, "admin/actors"
    after = cursors.after(listing, call.query) or FIRST_PAGE
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.page_of_actors(connection, after, call.query.limit + 1)
    shown, metadata = cursors.cut(listing, call.query, rows, lambda row: (row["name"], row["id"]))
    return ActorList(actors=[Actor(**row) for row in shown], metadata=metadata)


async def get_actor(call: Call[None, None]) -> ActorAnswer:
    """Get an actor for staff"""
    async with call.resources.postgres.acquire() as connection:
        return ActorAnswer(actor=Actor(**await changes.the_actor(connection, call.ids["actor_id"])))


async def change_actor(call: Call[ActorChange, None]) -> ActorAnswer:
    """Rename an actor"""
    work = partial(changes.change, actor_id=call.ids["actor_id"], given=call.body.given)
    return ActorAnswer(actor=Actor(**await commit(call.resources.postgres, work)))


async def delete_actor(call: Call[None, None]) -> None:
    """Delete an actor

    The movies stay, without the actor in their cast.
    """
    await commit(call.resources.postgres, partial(changes.delete, actor_id=call.ids["actor_id"]))
