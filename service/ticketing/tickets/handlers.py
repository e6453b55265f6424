"""The handlers of tickets."""

from service.http.endpoint import Call
from service.ticketing.fields import NoQuery
from service.ticketing.tickets import booking, cancelling, reserving
from service.ticketing.tickets.schemas import ReservedTickets, SomeTickets, TicketIds


async def reserve_tickets(call: Call[SomeTickets, NoQuery]) -> ReservedTickets:
    """Reserve tickets of an event

    All of them or none. They are held for ten minutes, unless configured otherwise. The tickets of one reservation are
    bounded, and so are those that one user holds.
    """
    user_id = call.user.user_id
    return {"ticket_ids": await reserving.reserve(call.resources, user_id, call.body.event_id, call.body.count)}


async def book_tickets(call: Call[TicketIds, NoQuery]) -> None:
    """Book reserved tickets

    Of whatever events and reservations; all of them or none. When this answers 200 they are booked. Tickets that you
    booked before are no obstacle, so a call may be repeated: nothing is sold twice. Where several tickets cannot be
    booked, the error is that of the first.
    """
    await booking.book(call.resources, call.user.user_id, call.body.ticket_ids)


async def cancel_tickets(call: Call[SomeTickets, NoQuery]) -> None:
    """Cancel booked tickets

    Those of the event that you booked last; all of them or none. They are free for others at once. A request that is
    repeated under its `Idempotency-Key` within a day cancels nothing more.
    """
    body = call.body
    await cancelling.cancel(call.resources, call.user.user_id, body.event_id, body.count, call.idempotency_key)
