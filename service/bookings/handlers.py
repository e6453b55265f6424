"""The handlers of bookings."""

from service.bookings import listing, refunds
from service.bookings.lifecycle import Bookings, cancelled, confirmed
from service.bookings.schemas import (
    BookingAnswer,
    BookingsAnswer,
    BookingsPage,
    CancelledAnswer,
    ConfirmedAnswer,
    OpenedAnswer,
    OpenedBooking,
    RefundedAnswer,
    Reservation,
    Reserve,
    ReservedAnswer,
    ReservedBooking,
)
from service.http.endpoint import Call
from service.ids import Entity
from service.moments import format_milliseconds


async def book(call: Call[None, None]) -> OpenedAnswer:
    """Open a booking

    Opens a booking of no seats, which closes after the hold time (60 seconds unless configured otherwise). A customer
    has a bounded number of open bookings. No body is needed; an empty JSON object is accepted.
    """
    session_id = call.ids["session_id"]
    hold = await Bookings(call.resources, call.user.user_id).open(session_id)
    booking = OpenedBooking(
        id=hold.id,
        session_id=hold.pool,
        created_at=format_milliseconds(hold.opened_at),
        closes_at=format_milliseconds(hold.closes_at),
        expires_in_ms=hold.closes_at - hold.now,
    )
    return OpenedAnswer(booking=booking)


async def reserve(call: Call[Reserve, None]) -> ReservedAnswer:
    """Set the seats of an open booking

    `seats` is the total wanted for this booking, in place of what it had. When more are wanted than are free, the
    booking keeps what it had. `closes_at` does not move.
    """
    booking_id, seats = call.ids["booking_id"], call.body.seats
    hold = await Bookings(call.resources, call.user.user_id).reserve(booking_id, seats)
    reservation = Reservation(
        id=Entity.RESERVATION.public(booking_id),
        seats=seats,
        created_at=format_milliseconds(hold.reserved_at or hold.opened_at),
    )
    booking = ReservedBooking(
        id=hold.id,
        session_id=hold.pool,
        reserved_seats=seats,
        created_at=format_milliseconds(hold.opened_at),
        closes_at=format_milliseconds(hold.closes_at),
        reservation=reservation,
    )
    return ReservedAnswer(booking=booking)


async def confirm(call: Call[None, None]) -> ConfirmedAnswer:
    """Sell the reserved seats

    When this answers 200 the booking is committed. Confirming again is refused with 409 `booking_confirmed`, and that
    error carries the booking; after a 503 the same request may be sent again: nothing is sold twice.
    """
    row = await Bookings(call.resources, call.user.user_id).confirm(call.ids["booking_id"])
    return ConfirmedAnswer(booking=confirmed(row))


async def cancel(call: Call[None, None]) -> CancelledAnswer:
    """Give an open booking up

    Its seats are free for others at once. A confirmed booking is not cancelled.
    """
    row = await Bookings(call.resources, call.user.user_id).cancel(call.ids["booking_id"])
    return CancelledAnswer(booking=cancelled(row))


async def refund(call: Call[None, None]) -> RefundedAnswer:
    """Refund a confirmed booking

    Of a session that starts more than two hours from now. Its seats are free for others at once, and the customer is
    told by e-mail. An open booking is cancelled rather than refunded.
    """
    row = await refunds.refund_own(call.resources, call.user.user_id, call.ids["booking_id"])
    return RefundedAnswer(booking=cancelled(row))


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
