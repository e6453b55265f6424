"""Sums up page visits for the report of pages, off the way of every request.

Each round is one transaction that takes visits out of those that are not summed up and puts them into the sums, so that
a report of both is the same before and after, whenever a worker dies. Visits are summed up in the order in which they
came. Where an earlier one turns up after all, or the chain moves to another time zone, what is there is summed up anew.
"""

from datetime import timedelta

from service.jobs.resources import JobResources
from service.postgres import Connection, Postgres
from service.tracking import sums

SETTLED = timedelta(minutes=1)
"""How old a visit is when it is summed up: by then, those before it have been committed."""
AT_ONCE = 10_000


async def sum_up(resources: JobResources) -> None:
    """Sum up what can be. Raises what `Postgres` raises."""
    await sum_up_visits(resources.postgres, resources.settings.home_timezone)


async def sum_up_visits(postgres: Postgres, timezone: str) -> None:
    """Sum up the settled visits by the days of the time zone, some thousands in a transaction."""
    more = True
    while more:
        async with postgres.transaction() as connection:
            more = await _sum_up_some(connection, timezone)


async def _sum_up_some(connection: Connection, timezone: str) -> bool:
    """Whether there may be more."""
    if await sums.lock_timezone(connection) != timezone:
        await sums.change_timezone(connection, timezone)
    until = await sums.end_of_next(connection, SETTLED, AT_ONCE)
    if until is None:
        return False
    if overtaken := await sums.overtaken_pages(connection, timezone, until):
        await sums.forget_pages(connection, overtaken)
    else:
        await sums.insert_pages(connection, timezone, until)
        await sums.add_visits(connection, timezone, until)
        await sums.leave_out_deleted(connection, until)
    return True
