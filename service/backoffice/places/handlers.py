"""Staff keep the places."""

from functools import partial

from service.backoffice.places import changes, queries
from service.backoffice.places.schemas import (
    NewPlace,
    PlaceChange,
    PlannedPlace,
    StaffPlace,
    StaffPlaceAnswer,
    StaffPlaceList,
)
from service.backoffice.transactions import commit
from service.catalogue.movies import FIRST_PAGE
from service.errors import PLACE_NOT_FOUND, ApiError
from service.http.endpoint import Call
from service.http.fields import Page
from service.inventory import pool_of_session
from service.registers import drop_pools, write_registers


async def create_place(call: Call[NewPlace, None]) -> StaffPlaceAnswer:
    """Add a place

    With its `capacity`, or with a `seat_plan`: then its seats have numbers, and customers may choose among them. The
    capacity of a plan is the number of its seats.
    """
    resources = call.resources
    place_id, plan_id = resources.ids.next(), resources.ids.next()
    work = partial(changes.create, place_id=place_id, plan_id=plan_id, new=call.body)
    return StaffPlaceAnswer(place=PlannedPlace(**await commit(resources.postgres, work)))


async def list_places(call: Call[None, Page]) -> StaffPlaceList:
    """List places for staff

    Every place, by name. The seat plan of a place that is `numbered` is shown with the place alone.
    """
    cursors, listing = call.resources.cursors, "admin/places"
    after = cursors.after(listing, call.query) or FIRST_PAGE
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.page_of_places(connection, after, call.query.limit + 1)
    shown, metadata = cursors.cut(listing, call.query, rows, lambda row: (row["name"], row["id"]))
    return StaffPlaceList(places=[StaffPlace(**row) for row in shown], metadata=metadata)


async def get_place(call: Call[None, None]) -> StaffPlaceAnswer:
    """Get a place for staff"""
    async with call.resources.postgres.acquire() as connection:
        row = await queries.place(connection, call.ids["place_id"])
    if row is None:
        raise ApiError(PLACE_NOT_FOUND)
    return StaffPlaceAnswer(place=PlannedPlace(**row))


async def change_place(call: Call[PlaceChange, None]) -> StaffPlaceAnswer:
    """Change a place

    Fields left out stay. Another capacity is taken over by the sessions that have not started; it is refused when
    one of them has sold more. Another time zone moves the calendar days of the sessions, not their times.

    A `seat_plan` takes the place of the one before as a whole, and null removes it: then seats are only counted, as
    many as there were unless a `capacity` is given. Sessions are sold by the plan, or without one, that their place
    had when they were scheduled there: another plan is for those that are scheduled from then on.
    """
    resources = call.resources
    work = partial(changes.change, place_id=call.ids["place_id"], plan_id=resources.ids.next(), given=call.body.given)
    place, rows = await commit(resources.postgres, work)
    await write_registers(resources.engine, pool_of_session, rows)
    return StaffPlaceAnswer(place=PlannedPlace(**place))


async def delete_place(call: Call[None, None]) -> None:
    """Delete a place

    With its sessions, unless one of these was ever sold.
    """
    resources = call.resources
    rows = await commit(resources.postgres, partial(changes.delete, place_id=call.ids["place_id"]))
    await drop_pools(resources.engine, pool_of_session, rows)
