"""The handlers of the waitlist."""

from service.http.endpoint import Call
from service.ticketing.fields import NoQuery
from service.ticketing.waitlist import joining, queries
from service.ticketing.waitlist.schemas import WaitedFor, WaitlistEntries, WaitlistEntry, WantedTickets

MAX_ENTRIES = 100


async def add_to_waitlist(call: Call[WantedTickets, NoQuery]) -> None:
    """Wait for tickets of an event

    Whether it is full or not. Seats that are free are offered in the order of joining, before the public gets them: the
    first whose count fits has the tickets reserved, for ten minutes unless configured otherwise, and is sent an e-mail.
    An offer that is not booked lapses, and the seats go to the next. Who is passed over three times by somebody
    who needs fewer is passed no more: freed seats are kept until there are enough, and sold to nobody meanwhile. Who
    wants more than the event has seats is refused, and waits no more where the seat count is lowered under it. Who
    still waits when the event begins is `lapsed`.
    """
    await joining.join(call.resources, call.user.user_id, call.body.event_id, call.body.count)


async def remove_from_waitlist(call: Call[WaitedFor, NoQuery]) -> None:
    """Wait no more for an event

    Tickets that were offered are given back. Who does not wait for it is answered 200, too.
    """
    await joining.leave(call.resources, call.user.user_id, call.body.event_id)


async def list_waitlist(call: Call[None, NoQuery]) -> WaitlistEntries:
    """List what one waits for, or did

    The newest first, at most 100. Who waits has a `position`, and who is offered tickets has their `ticket_ids`, to be
    booked until `offer_ends_unix_time`.
    """
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.of_user(connection, call.user.user_id, MAX_ENTRIES)
    return WaitlistEntries([WaitlistEntry.of(row) for row in rows])
