"""The handlers of bookings."""

from service.bookings import answers, listing, refunds
from service.bookings.lifecycle import Bookings
from service.bookings.schemas import (
    BookingAnswer,
    BookingsAnswer,
    BookingsPage,
    CancelledAnswer,
    ConfirmedAnswer,
    OpenedAnswer,
    RefundedAnswer,
    Reserve,
    ReservedAnswer,
)
from service.http.endpoint import Call
from service.seats.pricing import seats_of_hold


async def book(call: Call[None, None]) -> OpenedAnswer:
    """Open a booking

    Opens a booking of no seats, which closes after the hold time (60 seconds unless configured otherwise). A customer
    has a bounded number of open bookings. No body is needed; an empty JSON object is accepted.
    """
    session_id = call.ids["session_id"]
    hold = await Bookings(call.resources, call.user.user_id).open(session_id)
    return {"booking": answers.opened(hold)}


async def reserve(call: Call[Reserve, None]) -> ReservedAnswer:
    """Set the seats of an open booking

    `seats` is the total wanted for this booking, in place of what it had. When more are wanted than are free, the
    booking keeps what it had. `closes_at` does not move.

    Where the session has a seat plan, the seats are the best that are free together in one row, or those that the
    booking has, if it has so many; `wheelchair` of them are wheelchair places. With `seat_labels` they are the very
    ones: all, or none of them. 409 `seats_unavailable` then names those `taken`; or says how many are `available`, and
    with `split`, into which groups the party could sit that finds no room together: empty where that cannot be, or for
    more than 20 seats, or where too many ways would have to be looked at.
    """
    booking_id = call.ids["booking_id"]
    hold = await Bookings(call.resources, call.user.user_id).reserve(booking_id, call.body)
    chosen = await seats_of_hold(call.resources, hold) if hold.labels else ()
    return {"booking": answers.reserved(hold, booking_id, chosen)}


async def confirm(call: Call[None, None]) -> ConfirmedAnswer:
    """Sell the reserved seats

    When this answers 200 the booking is committed. Confirming again is refused with 409 `booking_confirmed`, and that
    error carries the booking; after a 503 the same request may be sent again: nothing is sold twice.
    """
    row = await Bookings(call.resources, call.user.user_id).confirm(call.ids["booking_id"])
    return {"booking": answers.confirmed(row)}


async def cancel(call: Call[None, None]) -> CancelledAnswer:
    """Give an open booking up

    Its seats are free for others at once. A confirmed booking is not cancelled.
    """
    row = await Bookings(call.resources, call.user.user_id).cancel(call.ids["booking_id"])
    return {"booking": answers.cancelled(row)}


async def refund(call: Call[None, None]) -> RefundedAnswer:
    """Refund a confirmed booking

    Of a session that starts more than two hours from now. Its seats are free for others at once, and the customer is
    told by e-mail. An open booking is cancelled rather than refunded.
    """
    row = await refunds.refund_own(call.resources, call.user.user_id, call.ids["booking_id"])
    return {"booking": answers.cancelled(row)}


async def list_bookings(call: Call[None, BookingsPage]) -> BookingsAnswer:
    """List one's own bookings

    Newest first: open, confirmed (`completed` after the show), cancelled and expired ones. A booking that expires is
    listed as such within seconds.
    """
    return await listing.page_of(call.resources, call.user.user_id, call.query)


async def show_booking(call: Call[None, None]) -> BookingAnswer:
    """Show one of one's own bookings"""
    booking = await listing.one_of(call.resources, call.user.user_id, call.ids["booking_id"])
    return BookingAnswer(booking=booking)
