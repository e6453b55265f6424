"""The line as the engine takes it."""

from holds.models import Entry, Line
from holds.runner import ScriptRunner
from service.inventory import number_of
from service.postgres import Postgres
from service.settings import Settings
from service.ticketing.tickets.holds import hold_of, owner_of
from service.ticketing.waitlist import queries
from service.ticketing.waitlist.recovering import lost_offers, put_back


async def read_line(postgres: Postgres, redis: ScriptRunner, settings: Settings, pool: str) -> Line | None:
    """Who waits for seats of the pool; None when there is no such pool.

    It is read when Redis has been wiped, before the public is served: so those whose offers were lost are in it again.
    """
    number = number_of(pool)
    if number is None:
        return None
    [lost] = await lost_offers(postgres, redis, [number])
    if isinstance(lost, BaseException):
        raise lost
    if lost:
        await put_back(postgres, number, lost)
    async with postgres.acquire() as connection:
        rows = await queries.line(connection, number)
    if not rows:
        return None
    lifetime = round(settings.ticket_hold_seconds * 1_000)
    entries = tuple(
        Entry(
            id=str(row["id"]),
            owner=owner_of(row["user_id"]),
            hold_ids=tuple(hold_of(ticket_id) for ticket_id in row["ticket_ids"]),
            lifetime=lifetime,
            passed=row["passed"],
        )
        for row in rows
        if row["id"] is not None
    )
    return Line(rows[0]["line_version"], entries)
