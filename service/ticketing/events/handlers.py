"""The handlers of events."""

from service.errors import ApiError
from service.http.endpoint import Call, Located
from service.ids import uuid7
from service.ticketing.errors import EVENT_NOT_FOUND, TRANSACTION_FAILED
from service.ticketing.events import changes, queries
from service.ticketing.events.availability import with_availability
from service.ticketing.events.lowering import lower
from service.ticketing.events.schemas import EventChange, EventList, EventQuery, EventsQuery, NewEvent
from service.ticketing.fields import NoBody, NoQuery, unix_time


async def create_event(call: Call[NewEvent, NoQuery]) -> Located:
    """Create an event

    Its tickets are sold until it starts.
    """
    new, event_id = call.body, uuid7()
    fields = new.model_dump(exclude={"unix_time", "seat_count"})
    async with call.resources.postgres.acquire() as connection:
        await queries.insert_event(
            connection,
            event_id,
            call.resources.ids.next(),
            starts_at=new.starts_at,
            capacity=new.seat_count,
            **fields,
        )
    return Located(f"/ticketing/event/?id={event_id}")


async def list_events(call: Call[None, EventsQuery]) -> EventList:
    """List events by their start, or get one by its id

    Those that start after `timestamp`. Pass `next_time_to_fetch` as `timestamp` to go on, until it is 0. Events of one
    second are not separated: with the last of them a page has them all, however many there are. With `id`, the list is
    of that event alone.
    """
    query, resources = call.query, call.resources
    async with resources.postgres.acquire() as connection:
        if query.id is None:
            rows = await queries.page_of_events(connection, query.after, query.limit)
        else:
            rows = [row for row in [await queries.event(connection, query.id)] if row is not None]
    events = await with_availability(resources, rows)
    if query.id is not None and not events:
        raise ApiError(EVENT_NOT_FOUND)
    goes_on = bool(rows) and rows[-1]["goes_on"]
    return EventList(next_time_to_fetch=unix_time(rows[-1]["starts_at"]) if goes_on else 0, events=events)


async def delete_event(call: Call[NoBody, EventQuery]) -> None:
    """Delete an event

    Unless tickets are booked. Reservations end at once.
    """
    await changes.delete(call.resources, call.query.id)


async def change_event(call: Call[EventChange, NoQuery]) -> None:
    """Change an event

    Fields that are left out or null stay. `seat_count` does not fall under what is booked or reserved, nor once the
    event is over.
    """
    wanted = call.body
    for _ in range(changes.ATTEMPTS):
        event = await changes.pool_of(call.resources, wanted.id)
        falls_by = 0 if wanted.seat_count is None else event["capacity"] - wanted.seat_count
        try:
            if falls_by > 0:
                await lower(call.resources, event["pool"], wanted, falls_by)
            else:
                await changes.change(call.resources, event["pool"], wanted)
        except changes.Overtaken:
            continue
        return
    raise ApiError(TRANSACTION_FAILED)
