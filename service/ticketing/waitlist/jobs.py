"""What the waitlist leaves to the worker: serving the lines, and telling people of their offers."""

from uuid import UUID

from service.jobs.job import Job, Payload, Tick
from service.jobs.resources import JobResources
from service.mail.message import Mail
from service.moments import format_timestamp
from service.ticketing.waitlist import queries
from service.ticketing.waitlist.serving import OFFER_MAIL, serve_lines


async def send_offer(resources: JobResources, payload: Payload) -> None:
    """Tell somebody of an offer, even late: the e-mail says until when it lasts."""
    entry_id = UUID(payload["entry"])
    async with resources.postgres.acquire() as connection:
        offer = await queries.offer(connection, entry_id)
    if offer is None:
        return
    values = {
        "event": offer["name"],
        "address": offer["address"],
        "starts_at": format_timestamp(offer["starts_at"]),
        "closes_at": format_timestamp(offer["closes_at"]),
        "count": offer["count"],
        "ticket_ids": [str(ticket_id) for ticket_id in offer["ticket_ids"]],
    }
    await resources.mailer.send(
        Mail(f"waitlist-offer.{entry_id}.{payload['offer']}", offer["email"], "waitlist_offer", values)
    )


JOBS = (Job(OFFER_MAIL, send_offer, at_once=8),)
TICKS = (Tick("waitlist", 1.0, serve_lines),)
