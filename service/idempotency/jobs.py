"""What becomes of idempotency keys in time."""

from datetime import timedelta

from service.idempotency import queries
from service.jobs.job import Job, Payload
from service.jobs.resources import JobResources

KEPT = timedelta(days=1)
AT_ONCE = 5_000


async def forget_keys(resources: JobResources, payload: Payload) -> None:
    """Delete keys that are too old, some thousands at a time."""
    deleted = AT_ONCE
    while deleted == AT_ONCE:
        async with resources.postgres.acquire() as connection:
            deleted = await queries.delete(connection, KEPT, AT_ONCE)


JOBS = (Job("forget-idempotency-keys", forget_keys, schedule="57 * * * *", seconds=600),)
