"""What customers are told of their bookings by e-mail."""

from asyncpg import Record

from service.bookings import queries
from service.ids import Entity
from service.jobs.job import Job, Payload
from service.jobs.outbox import NewJob, enqueue_all
from service.jobs.resources import JobResources
from service.mail.message import Mail

CONFIRMED = "booking-confirmed-mail"
CANCELLED = "booking-cancelled-mail"


async def tell_confirmed(resources: JobResources, payload: Payload) -> None:
    """Send the tickets of a booking. Those that were sold together are first given a job each, to fail alone."""
    bookings: list[str] = payload["bookings"]
    if len(bookings) > 1:
        async with resources.postgres.acquire() as connection:
            jobs = [NewJob(CONFIRMED, {"bookings": [one]}, f"{CONFIRMED}:{one}") for one in bookings]
            await enqueue_all(connection, jobs)
        return
    booking = await _booking(resources, bookings[0])
    if booking is not None and booking["status"] == "confirmed":  # otherwise another e-mail says so
        await resources.mailer.send(_mail("booking-confirmed", booking))


async def tell_cancelled(resources: JobResources, payload: Payload) -> None:
    """Tell that a booking was cancelled after it was confirmed."""
    booking = await _booking(resources, payload["booking"])
    if booking is not None and booking["status"] == "cancelled" and booking["confirmed_at"] is not None:
        await resources.mailer.send(_mail("booking-cancelled", booking))


async def _booking(resources: JobResources, booking: str) -> Record | None:
    async with resources.postgres.acquire() as connection:
        return await queries.mailed_booking(connection, Entity.BOOKING.number(booking) or 0)


def _mail(what: str, booking: Record) -> Mail:
    number = Entity.BOOKING.public(booking["id"])
    start = booking["local_start"]
    values = {
        **booking,
        "booking": number,
        "starts_at": f"{start:%A} {start.day} {start:%B %Y, %H:%M}",
        "total": f"{booking['total'] / 100:.2f} {booking['currency']}",
    }
    return Mail(f"{what}.{number}", booking["email"], what.replace("-", "_"), values)


JOBS = (Job(CONFIRMED, tell_confirmed, at_once=8), Job(CANCELLED, tell_cancelled, at_once=8))
